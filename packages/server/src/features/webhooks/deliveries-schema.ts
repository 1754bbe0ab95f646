/** Deliveries, their attempts and replays on the wire. */
import { type Static, Type } from 'typebox'
import { eventTypes } from '../../events/types.ts'
import { nullable, oneOf, pageQuery, strict, timestamp } from '../../http/schemas.ts'
import type { Recovery } from './deliveries-service.ts'
import type { AttemptRow } from './deliveries-store.ts'
import type { DeliveryRow } from './dispatch/store.ts'
import type { Explanation } from './explain.ts'

const deliveryFields = {
  id: Type.String(),
  webhook_id: Type.String(),
  event_id: Type.String({ description: 'The same in each attempt: `webhook-id` of the request.' }),
  event: Type.String({ description: 'Its name, e.g. `message.received`.' }),
  status: oneOf(['pending', 'succeeded', 'failed'], {
    description: '`pending`: to be tried, or tried again. `failed`: given up.',
  }),
  attempts: Type.Integer(),
  next_attempt_at: nullable(
    timestamp('When a pending one is due; it may have to wait for others of its conversation.'),
  ),
  last_status: nullable(
    Type.Integer({ description: 'HTTP status of the latest attempt; null without an answer.' }),
  ),
  last_error: nullable(Type.String({ description: 'Why the latest attempt got no answer.' })),
  conversation_id: nullable(
    Type.String({ description: 'Deliveries of one conversation follow each other.' }),
  ),
  created_at: timestamp('When the event happened.'),
  last_attempt_at: nullable(timestamp('When the latest attempt began.')),
}

export const Delivery = Type.Object(deliveryFields, { $id: 'Delivery' })

const Attempt = Type.Object(
  {
    number: Type.Integer(),
    cause: oneOf(['event', 'retry', 'redelivery', 'recovery', 'probe']),
    url: Type.String(),
    started_at: timestamp('When it began.'),
    duration_ms: Type.Number({ description: 'To the end of the answer.' }),
    status: nullable(Type.Integer()),
    error: nullable(Type.String({ description: 'Why there was no answer.' })),
    ip: nullable(Type.String({ description: 'The address that was asked.' })),
    response_headers: nullable(Type.Unsafe<object>({ type: 'object', additionalProperties: true })),
    response_body: nullable(Type.String({ description: 'The first 16 KiB; of a success the first KiB.' })),
    response_body_truncated: Type.Boolean(),
  },
  { $id: 'DeliveryAttempt' },
)

export const DeliveryWithAttempts = Type.Object(
  {
    ...deliveryFields,
    attempt_log: Type.Array(Type.Unsafe<Static<typeof Attempt>>({ $ref: 'DeliveryAttempt#' }), {
      description: 'The latest first, 100 at most.',
    }),
  },
  { $id: 'DeliveryWithAttempts' },
)

export const ListDeliveriesQuery = strict({
  ...pageQuery,
  status: Type.Optional(oneOf(['pending', 'succeeded', 'failed'])),
  event: Type.Optional(oneOf(eventTypes, { description: 'Only of this event.' })),
  conversation_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'Only of events of this conversation.' }),
  ),
  since: Type.Optional(timestamp('Only of events from then on.')),
  until: Type.Optional(timestamp('Only of events before.')),
})

export const DeliveryParams = Type.Object({ id: Type.String({ description: 'The delivery’s id, `dlv_…`.' }) })
export const RecoveryParams = Type.Object({ id: Type.String({ description: 'The recovery’s id, `rec_…`.' }) })

export const RecoverBody = strict({
  since: timestamp('Events from then on, at most 30 days ago.'),
  until: Type.Optional(timestamp('Events before; by default now.')),
  status: oneOf(['failed', 'missing', 'all'], {
    default: 'failed',
    description:
      '`failed`: what was given up. `missing`: what the webhook would be told of now and was never sent. `all`: both, and what succeeded.',
  }),
})

export const RecoveryBody = Type.Object(
  {
    id: Type.String(),
    webhook_id: Type.String(),
    status: oneOf(['running', 'completed', 'cancelled']),
    since: timestamp('Begin of the range.'),
    until: timestamp('End of the range.'),
    total: Type.Integer({ description: 'Events that are sent.' }),
    queued: Type.Integer({ description: 'Of those, how many were put in line.' }),
    succeeded: Type.Integer(),
    failed: Type.Integer(),
    created_at: timestamp('When it began.'),
    completed_at: nullable(timestamp('When it ended.')),
  },
  { $id: 'WebhookRecovery' },
)

export const ExplainQuery = strict({
  webhook_id: Type.String({ description: 'Of which webhook: `we_…`.' }),
})

export const ExplanationBody = Type.Object(
  {
    verdict: oneOf(['delivered', 'waiting', 'failed', 'not_wanted', 'not_sent']),
    explanation: Type.String({ description: 'In a sentence.' }),
    steps: Type.Array(
      Type.Object({
        step: oneOf(['event', 'webhook', 'filter', 'line', 'attempts', 'outcome']),
        ok: Type.Boolean(),
        sentence: Type.String(),
      }),
    ),
    delivery_id: nullable(Type.String()),
  },
  { $id: 'DeliveryExplanation' },
)

export const deliverySchemas = [Delivery, Attempt, DeliveryWithAttempts, RecoveryBody, ExplanationBody]

export function deliveryToWire(row: DeliveryRow): Static<typeof Delivery> {
  return {
    id: row.id,
    webhook_id: row.webhook_id,
    event_id: row.event_id,
    event: row.event_type,
    status: row.status,
    attempts: row.attempts,
    next_attempt_at: row.due_at?.toISOString() ?? null,
    last_status: row.last_status,
    last_error: row.last_error,
    conversation_id: row.lane,
    created_at: row.created_at.toISOString(),
    last_attempt_at: row.attempted_at?.toISOString() ?? null,
  }
}

export function attemptToWire(row: AttemptRow): Static<typeof Attempt> {
  return {
    number: row.number,
    cause: row.cause,
    url: row.url,
    started_at: row.started_at.toISOString(),
    duration_ms: row.duration_ms,
    status: row.status,
    error: row.error,
    ip: row.address,
    response_headers: row.response_headers,
    response_body: row.response_body,
    response_body_truncated: row.is_response_cut,
  }
}

export function recoveryToWire({ row, counts }: Recovery): Static<typeof RecoveryBody> {
  return {
    id: row.id,
    webhook_id: row.webhook_id,
    status: row.status,
    since: row.since.toISOString(),
    until: row.until.toISOString(),
    total: row.total,
    queued: row.queued,
    succeeded: counts.succeeded,
    failed: counts.failed,
    created_at: row.created_at.toISOString(),
    completed_at: row.completed_at?.toISOString() ?? null,
  }
}

export function explanationToWire(found: Explanation): Static<typeof ExplanationBody> {
  const { verdict, sentence, steps, deliveryId } = found
  return { verdict, explanation: sentence, steps, delivery_id: deliveryId }
}
