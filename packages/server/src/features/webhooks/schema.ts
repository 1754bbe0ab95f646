/** Webhooks on the wire. */
import { type Static, Type } from 'typebox'
import { eventTypes } from '../../events/types.ts'
import { nullable, oneOf, strict, timestamp } from '../../http/schemas.ts'
import type { UrlJudgement } from './egress/judge.ts'
import { MAX_URL_LENGTH } from './egress/url-rules.ts'
import { WebhookHealth } from './health.ts'
import { DEFAULT_OVERLAP_SECONDS } from './service.ts'
import type { WebhookRow } from './store.ts'

/** All but what goes to the tested webhook alone. */
const names = eventTypes.filter((type) => type !== 'webhook.test')

const fields = {
  url: Type.String({
    minLength: 1,
    maxLength: MAX_URL_LENGTH,
    description:
      'http or https. Where it leads is judged now and at each request; redirects are not followed.',
  }),
  events: Type.Array(oneOf([...names, '*'] as const), {
    minItems: 1,
    maxItems: names.length + 1,
    description: 'Names of events, or `*` for all there are and will be.',
  }),
  description: nullable(Type.String({ maxLength: 500, description: 'For people.' })),
  notify_email: nullable(
    Type.String({
      format: 'email',
      maxLength: 254,
      description: 'Who is told when the webhook is disabled; null: who runs the server.',
    }),
  ),
  headers: Type.Record(Type.String(), Type.String(), {
    description: 'Sent with each request, such as an Authorization that your receiver asks for. At most 20.',
    redact: true,
  }),
  max_per_second: nullable(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'Requests a second at most; null: as many as the receiver takes.',
    }),
  ),
}

export const CreateWebhookBody = strict({
  url: fields.url,
  events: fields.events,
  description: Type.Optional(fields.description),
  notify_email: Type.Optional(fields.notify_email),
  headers: Type.Optional(fields.headers),
  max_per_second: Type.Optional(fields.max_per_second),
  signature: Type.Optional(
    oneOf(['v1', 'v1a'], {
      description:
        'How requests are signed (Standard Webhooks): `v1`, HMAC with a secret that both know, unless told; `v1a`, ed25519 with a public key.',
    }),
  ),
})

export const UpdateWebhookBody = Type.Partial(
  strict({
    url: fields.url,
    events: fields.events,
    description: fields.description,
    notify_email: fields.notify_email,
    headers: fields.headers,
    max_per_second: fields.max_per_second,
  }),
  { additionalProperties: false, minProperties: 1 },
)

export const RotateSecretBody = nullable(
  strict({
    overlap_seconds: Type.Integer({
      minimum: 0,
      maximum: 604_800,
      default: DEFAULT_OVERLAP_SECONDS,
      description: 'For so long requests are signed with both secrets.',
    }),
  }),
)

export const WebhookParams = Type.Object({ id: Type.String({ description: 'The webhook’s id, `we_…`.' }) })

const UrlCheck = Type.Object(
  {
    verdict: oneOf(['allowed', 'unresolved'], {
      description: '`unresolved`: the name has no address now; each request looks again.',
    }),
    explanation: Type.String({ description: 'In a sentence.' }),
    addresses: Type.Array(Type.Object({ address: Type.String(), verdict: oneOf(['allowed', 'forbidden']) })),
  },
  { description: 'Where the URL leads.' },
)

const webhookFields = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  description: nullable(Type.String()),
  notify_email: nullable(Type.String()),
  header_names: Type.Array(Type.String(), { description: 'What is sent beside; the values are not shown.' }),
  max_per_second: nullable(Type.Integer()),
  status: oneOf(['enabled', 'paused', 'disabled'], {
    description: '`paused` and `disabled` keep what comes; a disabled one is tried once an hour.',
  }),
  disabled: nullable(
    Type.Object({
      reason: oneOf(['failing', 'gone'], {
        description: '`failing`: for five days no attempt succeeded. `gone`: the receiver answered 410.',
      }),
      at: timestamp('When it was disabled.'),
    }),
  ),
  signature: oneOf(['v1', 'v1a']),
  verification_key: nullable(Type.String({ description: 'Of `v1a`: the public key, `whpk_…`.' })),
  old_secret_ends_at: nullable(timestamp('Until then requests are signed with the secret before, too.')),
  failing_since: nullable(timestamp('Since then every attempt failed.')),
  last_success_at: nullable(timestamp('The latest attempt that succeeded.')),
  last_failure_at: nullable(timestamp('The latest attempt that failed.')),
  created_at: timestamp('When it was made.'),
  updated_at: timestamp('When it was changed.'),
}

export const Webhook = Type.Object(webhookFields, { $id: 'Webhook' })

export const WatchedWebhook = Type.Object(
  { ...webhookFields, health: Type.Unsafe<Static<typeof WebhookHealth>>({ $ref: 'WebhookHealth#' }) },
  { $id: 'WatchedWebhook' },
)

export const SavedWebhook = Type.Object(
  { ...webhookFields, url_check: Type.Optional(UrlCheck) },
  { $id: 'SavedWebhook' },
)

export const CreatedWebhook = Type.Object(
  {
    ...webhookFields,
    url_check: UrlCheck,
    test_delivery_id: Type.String({ description: 'A test event is on its way: GET /v1/deliveries/{id}.' }),
    signing_secret: Type.String({
      description: 'In this answer only: `whsec_…`, or the private key `whsk_…` of `v1a`.',
      redact: true,
    }),
  },
  { $id: 'CreatedWebhook' },
)

export const RotatedWebhook = Type.Object(
  { ...webhookFields, signing_secret: Type.String({ description: 'In this answer only.', redact: true }) },
  { $id: 'RotatedWebhook' },
)

export const TestedWebhook = Type.Object(
  { delivery_id: Type.String({ description: 'GET /v1/deliveries/{id} says how it goes.' }) },
  { $id: 'TestedWebhook' },
)

export const webhookSchemas = [
  WebhookHealth,
  Webhook,
  WatchedWebhook,
  SavedWebhook,
  CreatedWebhook,
  RotatedWebhook,
  TestedWebhook,
]

/** `headerNames`: what is sent beside. */
export function toWire(
  row: WebhookRow,
  { headerNames, verificationKey }: { headerNames: string[]; verificationKey: string | null },
  nowMs: number,
): Static<typeof Webhook> {
  const isOver = row.old_secret_ends_at === null || row.old_secret_ends_at.getTime() <= nowMs
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    description: row.description,
    notify_email: row.notify_email,
    header_names: headerNames,
    max_per_second: row.max_per_second,
    status: row.status,
    disabled:
      row.disabled_at === null || row.disabled_reason === null
        ? null
        : { reason: row.disabled_reason, at: row.disabled_at.toISOString() },
    signature: row.signature,
    verification_key: verificationKey,
    old_secret_ends_at: isOver ? null : (row.old_secret_ends_at?.toISOString() ?? null),
    failing_since: row.failing_since?.toISOString() ?? null,
    last_success_at: row.last_success_at?.toISOString() ?? null,
    last_failure_at: row.last_failure_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

export function checkToWire({ verdict, explanation, addresses }: UrlJudgement): Static<typeof UrlCheck> {
  return {
    // What is forbidden is refused before.
    verdict: verdict === 'unresolved' ? 'unresolved' : 'allowed',
    explanation,
    // A URL with a forbidden one isn't saved.
    addresses: addresses.flatMap((one) =>
      one.verdict === 'allowed' ? [{ address: one.address, verdict: one.verdict }] : [],
    ),
  }
}
