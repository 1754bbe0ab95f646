/** One attempt: the event as it goes over the wire, signed, and what came back as it is kept. */
import { createSigner, type Signer, signatureHeaders } from '@agentclara/webhook-signature'
import manifest from '../../../../package.json' with { type: 'json' }
import type { EventRow } from '../../../events/log.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Id } from '../../../lib/ids.ts'
import type { Answer, Outcome } from '../egress/outcome.ts'
import type { WebhookSender } from '../egress/sender.ts'
import type { NewAttempt } from './store.ts'

const USER_AGENT = `AgentClara-Webhooks/${manifest.version}`

/** Of what says that it went well, so much tells what there is to know. */
const KEPT_SUCCESS_BYTES = 1024
/** Of names and values together. */
const KEPT_HEADERS_LENGTH = 4096

/** How an attempt ended. */
export interface Sent {
  /** Null: there was no answer. */
  readonly status: number | null
  readonly error: string | null
  readonly retryAfter: string | undefined
  readonly record: Pick<
    NewAttempt,
    'duration_ms' | 'address' | 'response_headers' | 'response_body' | 'is_response_cut'
  >
}

/** What requests to one webhook are made of. */
export interface Endpoint {
  readonly id: Id<'we'>
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
  /** False: there is no room for them. */
  keepsAnswers(): boolean
}

/** Signing secrets are read once. */
export function sendTo(endpoint: Endpoint, { sender, clock, toWire, keepsAnswers }: SendOptions) {
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
    // Connections of its own: who is slow to one webhook holds up no other.
    const request = { url: endpoint.url, group: endpoint.id, headers, body, signal }
    const first = await sender.post(request)
    const outcome = mayHaveEndedIdle(first) ? await sender.post(request) : first
    // It never came to be sent, which says nothing of the receiver: no attempt.
    if (outcome.kind === 'failed' && outcome.reason === 'busy') throw new Error(outcome.sentence)
    return toSent(outcome, keepsAnswers())
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

function toSent(outcome: Outcome, keepsAnswer: boolean): Sent {
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
  const { status, headers, address } = outcome
  const answer = keepsAnswer ? keptBody(outcome) : { text: null, isCut: outcome.bodyBytes > 0 }
  return {
    status,
    error: null,
    retryAfter: headers['retry-after'],
    record: {
      duration_ms: durationMs,
      address,
      response_headers: keepsAnswer ? keptHeaders(headers) : null,
      response_body: answer.text,
      is_response_cut: answer.isCut,
    },
  }
}

/** All that was read of what a failure says; a character that the cut goes through isn't kept. */
function keptBody({ status, body, isCut: wasCut }: Answer): { text: string; isCut: boolean } {
  const isSuccess = status >= 200 && status < 300
  const kept = isSuccess ? body.subarray(0, KEPT_SUCCESS_BYTES) : body
  const isCut = wasCut || kept.length < body.length
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return { text: storableText(decoder.decode(kept, { stream: isCut })), isCut }
}

/** The first ones, as many as there is room for; the last of them may be cut. */
function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: [string, string][] = []
  let left = KEPT_HEADERS_LENGTH
  for (const [name, value] of Object.entries(headers)) {
    if (name.length >= left) break
    kept.push([storableText(name), storableText(value.slice(0, left - name.length))])
    left -= name.length + value.length
  }
  return Object.fromEntries(kept)
}

/** PostgreSQL takes no NUL in a text. */
function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text
}
