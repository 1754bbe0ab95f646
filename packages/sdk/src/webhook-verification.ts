/**
 * Whether a webhook is AgentClara's: Standard Webhooks 1.0.0, signatures `v1` (HMAC-SHA256, `whsec_` secrets) and
 * `v1a` (ed25519, `whpk_` keys), by Web Crypto, which Node and browsers and edge runtimes have.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { type WebhookRefusal, WebhookVerificationError } from './errors.ts'
import type { Event } from './generated/wire.ts'

const TOLERANCE_SECONDS = 300
/** So many signatures of a header are tried; a sender makes one for each secret that it knows. */
const MAX_SIGNATURES = 20

/** As Node, Express and Fastify have them, or as fetch does. */
export type WebhookHeaders =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | { get(name: string): string | null }

export interface VerifyOptions {
  /** How far the webhook's time may be off, either way. Default: 300. */
  toleranceSeconds?: number
  /** Default: now. */
  nowSeconds?: number
}

const SENTENCES: Readonly<Record<WebhookRefusal, string>> = {
  missing_header: 'The webhook has no webhook-id, webhook-timestamp or webhook-signature.',
  invalid_id: 'The webhook’s id is none.',
  invalid_timestamp: 'The webhook’s timestamp is none.',
  too_old: 'The webhook was signed too long ago.',
  too_new: 'The webhook was signed in the future: does this clock go right?',
  no_signature: 'The webhook has no signature of the kind that the secret is for.',
  wrong_signature:
    'The webhook’s signature is wrong: is the secret that of this webhook, and the body what arrived, byte for byte?',
  invalid_payload: 'The webhook is signed, but no JSON object.',
}

/**
 * The event, when the webhook was signed with the secret (or one of several, while one replaces another) and is recent.
 * `rawBody` must be what arrived: a body that was parsed and written again has other bytes. Signatures are compared in
 * constant time. Throws WebhookVerificationError for what isn't to be believed, and TypeError for a secret that is none.
 */
export async function verifyWebhook(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, nowSeconds = Date.now() / 1000 }: VerifyOptions = {},
): Promise<Event> {
  const secrets = typeof secret === 'string' ? [secret] : secret
  if (secrets.length === 0) throw new TypeError('Give at least one secret to verify with.')
  const keys = await Promise.all(secrets.map(readKey))
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  )
  if (id === undefined || timestamp === undefined || signatures === undefined) throw refused('missing_header')
  // With a full stop, what was signed could be read in two ways.
  if (!/^[!-\-/-~]{1,255}$/.test(id)) throw refused('invalid_id')
  if (!/^\d{1,12}$/.test(timestamp)) throw refused('invalid_timestamp')
  if (nowSeconds - Number(timestamp) > toleranceSeconds) throw refused('too_old')
  if (Number(timestamp) - nowSeconds > toleranceSeconds) throw refused('too_new')
  const content = signedContent(`${id}.${timestamp}.`, rawBody)
  const problem = await findProblem(signatures, keys, content)
  if (problem !== undefined) throw refused(problem)
  return eventOf(rawBody)
}

function refused(reason: WebhookRefusal): WebhookVerificationError {
  return new WebhookVerificationError(reason, SENTENCES[reason])
}

interface Key {
  /** What its signatures begin with, before the comma. */
  scheme: 'v1' | 'v1a'
  verify(signature: Bytes, content: Bytes): Promise<boolean>
}

/** What Web Crypto takes: no shared memory. */
type Bytes = Uint8Array<ArrayBuffer>

/** Throws TypeError, which doesn't repeat the text. */
async function readKey(text: string): Promise<Key> {
  const [, prefix = '', encoded = ''] = /^(whsec_|whpk_)(.*)$/s.exec(text) ?? []
  if (prefix === '')
    throw new TypeError('The secret of a webhook begins with whsec_ or whpk_; this one doesn’t.')
  const bytes = decoded(encoded)
  const isRight = bytes !== undefined && (prefix === 'whpk_' ? bytes.length === 32 : bytes.length >= 24)
  if (!isRight) throw new TypeError(`What follows ${prefix} is no secret: is it whole?`)
  const isPublic = prefix === 'whpk_'
  const algorithm = isPublic ? 'Ed25519' : { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify'])
  return {
    scheme: isPublic ? 'v1a' : 'v1',
    // Web Cryptography compares in constant time.
    verify: (signature, content) =>
      crypto.subtle.verify(isPublic ? 'Ed25519' : 'HMAC', key, signature, content),
  }
}

/** Undefined when one of the signatures is right. */
async function findProblem(
  signatures: string,
  keys: readonly Key[],
  content: Bytes,
): Promise<WebhookRefusal | undefined> {
  let problem: WebhookRefusal = 'no_signature'
  for (const each of signatures.split(' ', MAX_SIGNATURES)) {
    const comma = each.indexOf(',')
    const signature = decoded(each.slice(comma + 1))
    for (const key of keys) {
      if (comma === -1 || key.scheme !== each.slice(0, comma)) continue
      if (signature !== undefined && (await key.verify(signature, content))) return undefined
      problem = 'wrong_signature'
    }
  }
  return problem
}

function signedContent(head: string, body: string | Uint8Array): Bytes {
  const encoder = new TextEncoder()
  const [headBytes, bodyBytes] = [
    encoder.encode(head),
    typeof body === 'string' ? encoder.encode(body) : body,
  ]
  const content = new Uint8Array(headBytes.length + bodyBytes.length)
  content.set(headBytes)
  content.set(bodyBytes, headBytes.length)
  return content
}

function eventOf(body: string | Uint8Array): Event {
  try {
    const event = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))
    if (typeof event === 'object' && event !== null) return event
  } catch {
    // Refused below.
  }
  throw refused('invalid_payload')
}

/** Base64 with its padding; undefined for what is none. */
function decoded(text: string): Bytes | undefined {
  try {
    const binary = atob(text)
    return btoa(binary) === text ? Uint8Array.from(binary, (letter) => letter.charCodeAt(0)) : undefined
  } catch {
    return undefined
  }
}

/** Undefined also when it was sent more than once: nobody knows which one was meant. */
function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined
  // No header is a function: this is the record.
  const record = headers as { readonly [name: string]: string | readonly string[] | undefined }
  const value = record[name] ?? record[Object.keys(record).find((key) => key.toLowerCase() === name) ?? name]
  return typeof value === 'string' ? value : undefined
}
