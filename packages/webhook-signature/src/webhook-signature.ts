/**
 * Signatures of webhooks as Standard Webhooks 1.0.0 defines them: `v1` (HMAC-SHA256, `whsec_` secrets) and `v1a`
 * (ed25519, `whsk_` and `whpk_` keys). What is signed is `${id}.${timestamp}.` and the very bytes of the body.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { type Key, PREFIX, parseKey } from './keys.ts'

/** What the keys of `v1a` begin with. */
export const SECRET_KEY_PREFIX = PREFIX.secretKey
export const PUBLIC_KEY_PREFIX = PREFIX.publicKey

export const ID_HEADER = 'webhook-id'
export const TIMESTAMP_HEADER = 'webhook-timestamp'
export const SIGNATURE_HEADER = 'webhook-signature'

const NEW_SECRET_BYTES = 32
const TOLERANCE_SECONDS = 300
/** So many signatures of a header are tried; a sender makes one for each secret that it knows. */
const MAX_SIGNATURES = 20

/** One attempt to deliver a webhook. */
export interface Message {
  /** The same in each attempt; without a full stop, since one ends it in what is signed. */
  id: string
  /** Of the attempt: whole seconds since 1970. */
  timestampSeconds: number
  /** The exact bytes that are sent; a string stands for its UTF-8. */
  body: string | Uint8Array
}

/** Signs with one secret. */
export interface Signer {
  /** `v1,BASE64` or `v1a,BASE64`. Throws RangeError for an id or a timestamp that can't be signed. */
  sign(message: Message): string
}

/** The three headers of a webhook, by their names in lower case. */
export interface SignatureHeaders {
  [ID_HEADER]: string
  [TIMESTAMP_HEADER]: string
  [SIGNATURE_HEADER]: string
}

/**
 * Reads the secret once, for whoever signs more than one message with it. Throws TypeError, which doesn't repeat the
 * secret, when it is neither `whsec_` with 24 to 64 bytes nor a `whsk_` key.
 */
export function createSigner(secret: string): Signer {
  if (secret.startsWith(PUBLIC_KEY_PREFIX))
    throw new TypeError(`A ${PUBLIC_KEY_PREFIX} key verifies; signing takes the ${SECRET_KEY_PREFIX} key.`)
  const key = parseKey(secret)
  return { sign: (message) => `${key.scheme},${key.sign({ head: headOf(message), body: message.body })}` }
}

/** As `createSigner(secret).sign(message)`. */
export function sign(message: Message, secret: string): string {
  return createSigner(secret).sign(message)
}

/** What the message is sent with: a signature by each signer, so that a secret can be replaced without a gap. */
export function signatureHeaders(message: Message, signers: readonly Signer[]): SignatureHeaders {
  return {
    [ID_HEADER]: message.id,
    [TIMESTAMP_HEADER]: String(message.timestampSeconds),
    [SIGNATURE_HEADER]: signers.map((signer) => signer.sign(message)).join(' '),
  }
}

/** Why a message is not to be believed. */
export type Refusal =
  | 'missing_header'
  /** Empty, or with a full stop: what was signed could be read in two ways. */
  | 'invalid_id'
  | 'invalid_timestamp'
  /** Signed longer ago than the tolerance: most likely sent again by somebody who recorded it. */
  | 'too_old'
  | 'too_new'
  /** No signature of a scheme that the secrets are for. */
  | 'no_signature'
  | 'wrong_signature'

export type Verification =
  | { readonly isValid: true; readonly id: string; readonly timestampSeconds: number }
  | { readonly isValid: false; readonly reason: Refusal }

/** As Node, Express and Fastify have them, or as fetch does. */
export type HeaderSource =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | { get(name: string): string | null }

export interface VerifyOptions {
  /** How far the timestamp may be off, either way. Default: 300. */
  toleranceSeconds?: number
  /** Default: now. */
  nowSeconds?: number
}

/**
 * Whether the message was signed with one of the secrets (`whsec_`, `whsk_` or `whpk_`) and is recent. `rawBody` must
 * be what arrived: a body that was parsed and written again has other bytes. Signatures are compared in constant time.
 * Never throws for what was sent; throws TypeError for a secret that is none, and when there is none.
 */
export function verify(
  headers: HeaderSource,
  rawBody: string | Uint8Array,
  secrets: readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, nowSeconds = Date.now() / 1000 }: VerifyOptions = {},
): Verification {
  if (secrets.length === 0) throw new TypeError('Give at least one secret to verify with.')
  const keys = secrets.map(parseKey)
  const [id, timestamp, signatures] = [ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER].map((name) =>
    headerOf(headers, name),
  )
  if (id === undefined || timestamp === undefined || signatures === undefined)
    return { isValid: false, reason: 'missing_header' }
  if (!isId(id)) return { isValid: false, reason: 'invalid_id' }
  if (!/^\d{1,12}$/.test(timestamp)) return { isValid: false, reason: 'invalid_timestamp' }
  const timestampSeconds = Number(timestamp)
  if (nowSeconds - timestampSeconds > toleranceSeconds) return { isValid: false, reason: 'too_old' }
  if (timestampSeconds - nowSeconds > toleranceSeconds) return { isValid: false, reason: 'too_new' }
  // The timestamp as it was sent: that is what was signed.
  const found = find(signatures, keys, { head: `${id}.${timestamp}.`, body: rawBody })
  return found === undefined ? { isValid: true, id, timestampSeconds } : { isValid: false, reason: found }
}

/** A new `whsec_` secret with 32 random bytes. */
export function createSecret(): string {
  return PREFIX.secret + randomBytes(NEW_SECRET_BYTES).toString('base64')
}

/** A new pair for `v1a`: the sender keeps `secretKey` (`whsk_`), receivers have `publicKey` (`whpk_`). */
export function createKeyPair(): { secretKey: string; publicKey: string } {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const [seed, publicKey] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]
  return {
    secretKey: SECRET_KEY_PREFIX + Buffer.concat([seed, publicKey]).toString('base64'),
    publicKey: PUBLIC_KEY_PREFIX + publicKey.toString('base64'),
  }
}

/** Undefined when one of the signatures is right. */
function find(
  signatures: string,
  keys: readonly Key[],
  content: Parameters<Key['verify']>[0],
): Refusal | undefined {
  let reason: Refusal = 'no_signature'
  for (const each of signatures.split(' ', MAX_SIGNATURES)) {
    const comma = each.indexOf(',')
    const [scheme, signature] = [each.slice(0, comma), each.slice(comma + 1)]
    for (const key of keys) {
      if (comma === -1 || key.scheme !== scheme) continue
      if (key.verify(content, signature)) return undefined
      reason = 'wrong_signature'
    }
  }
  return reason
}

function headOf({ id, timestampSeconds }: Message): string {
  if (!isId(id)) throw new RangeError('An id has visible ASCII characters and no full stop.')
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0)
    throw new RangeError('A timestamp is a whole number of seconds since 1970.')
  return `${id}.${timestampSeconds}.`
}

function isId(id: string): boolean {
  return /^[!-\-/-~]{1,255}$/.test(id)
}

/** Undefined also when it was sent more than once: nobody knows which one was meant. */
function headerOf(headers: HeaderSource, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined
  // No header is a function: this is the record.
  const record = headers as { readonly [name: string]: string | readonly string[] | undefined }
  const value = record[name] ?? record[Object.keys(record).find((key) => key.toLowerCase() === name) ?? name]
  return typeof value === 'string' ? value : undefined
}
