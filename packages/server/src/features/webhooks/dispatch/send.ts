/** One attempt: the event as it goes over the wire, signed, and what came back as it is kept. */
import { createSigner, type Signer, signatureHeaders } from '@agentclara/webhook-signature'
import manifest from '../../../../package.json' with { type: 'json' }
import type { EventRow } from '../../../events/log.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Id } from '../../../lib/ids.ts'
import type { Outcome } from '../egress/outcome.ts'
import type { WebhookSender } from '../egress/sender.ts'
import type { Sent } from './consumer.ts'

const USER_AGENT = `AgentClara-Webhooks/${manifest.version}`

/** What requests to one webhook are made of. */
export interface Endpoint {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly secret: string
  /** Signs too, until then. */
  readonly old: { readonly secret: string; readonly endsAtMs: number } | undefined
}

export interface SendOptions {
  sender: WebhookSender
  clock: Clock
  /** The event as the API tells it. */
  toWire(event: EventRow): object
}

/** Signing secrets are read once. */
export function sendTo(endpoint: Endpoint, { sender, clock, toWire }: SendOptions) {
  const current = createSigner(endpoint.secret)
  const old = endpoint.old === undefined ? undefined : createSigner(endpoint.old.secret)
  return async (
    event: EventRow,
    { deliveryId, number, signal }: { deliveryId: Id<'dlv'>; number: number; signal: AbortSignal },
  ): Promise<Sent> => {
    const nowMs = clock.nowMs()
    const body = bodyOf(event, toWire)
    const isOldValid = old !== undefined && endpoint.old !== undefined && nowMs < endpoint.old.endsAtMs
    const signers: Signer[] = isOldValid ? [current, old] : [current]
    const message = { id: event.id, timestampSeconds: Math.floor(nowMs / 1000), body }
    const headers = {
      ...endpoint.headers,
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...signatureHeaders(message, signers),
      'agentclara-delivery': deliveryId,
      'agentclara-attempt': String(number),
    }
    const request = { url: endpoint.url, headers, body, signal }
    const outcome = await sender.post(request)
    return toSent(mayHaveEndedIdle(outcome) ? await sender.post(request) : outcome)
  }
}

/** A kept connection that ends as it is used again was most likely at the end of its time: that says nothing of the receiver. */
function mayHaveEndedIdle(outcome: Outcome): boolean {
  return (
    outcome.kind === 'failed' &&
    outcome.isReusedConnection &&
    outcome.status === undefined &&
    (outcome.reason === 'reset' || outcome.reason === 'closed')
  )
}

/** The same bytes for all webhooks and attempts that have the row in hand. */
const bodies = new WeakMap<EventRow, Buffer>()

function bodyOf(event: EventRow, toWire: (event: EventRow) => object): Buffer {
  const known = bodies.get(event)
  if (known !== undefined) return known
  const body = Buffer.from(JSON.stringify(toWire(event)))
  bodies.set(event, body)
  return body
}

function toSent(outcome: Outcome): Sent {
  const durationMs = outcome.timing.totalMs
  if (outcome.kind === 'failed') {
    return {
      status: null,
      error: outcome.sentence,
      retryAfter: undefined,
      record: {
        duration_ms: durationMs,
        address: outcome.address ?? null,
        response_headers: null,
        response_body: null,
        is_response_cut: false,
      },
    }
  }
  return {
    status: outcome.status,
    error: null,
    retryAfter: outcome.headers['retry-after'],
    record: {
      duration_ms: durationMs,
      address: outcome.address,
      response_headers: storable(outcome.headers),
      response_body: storableText(outcome.body.toString('utf8')),
      is_response_cut: outcome.isCut,
    },
  }
}

function storable(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [storableText(name), storableText(value)]),
  )
}

/** PostgreSQL takes no NUL in a text. */
function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text
}
