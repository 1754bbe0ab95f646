/**
 * The text of the secrets that webhooks are signed with, as Standard Webhooks 1.0.0 writes them ("Signature scheme"):
 * `whsec_`, `whsk_` or `whpk_`, then base64.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'

export const PREFIX = { secret: 'whsec_', secretKey: 'whsk_', publicKey: 'whpk_' } as const

const MIN_SECRET_BYTES = 24
const MAX_SECRET_BYTES = 64
const SEED_BYTES = 32
const PUBLIC_KEY_BYTES = 32
const SIGNATURE_BYTES = 64

/** One secret, ready for use. */
export interface Key {
  /** What its signatures begin with, before the comma. */
  readonly scheme: 'v1' | 'v1a'
  /** The signature as base64. Throws TypeError for a public key. */
  sign(content: Content): string
  /** Whether this is the signature of the content. The text is the sender's, and may be anything. */
  verify(content: Content, signature: string): boolean
}

/** What is signed: `${id}.${timestamp}.`, then the body as it is. */
export interface Content {
  readonly head: string
  readonly body: string | Uint8Array
}

/** Throws TypeError, which doesn't repeat the text, when it is no secret of a kind that there is. */
export function parseKey(text: string): Key {
  if (text.startsWith(PREFIX.secret)) return symmetric(decode(text, PREFIX.secret))
  if (text.startsWith(PREFIX.secretKey)) return asymmetric(decode(text, PREFIX.secretKey))
  if (text.startsWith(PREFIX.publicKey)) return verifying(decode(text, PREFIX.publicKey))
  throw new TypeError(
    `A secret begins with ${PREFIX.secret}, ${PREFIX.secretKey} or ${PREFIX.publicKey}; this one doesn't.`,
  )
}

function decode(text: string, prefix: string): Buffer {
  const encoded = text.slice(prefix.length)
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.toString('base64') !== encoded)
    throw new TypeError(`What follows ${prefix} must be base64 with its padding: is the secret whole?`)
  return bytes
}

function symmetric(secret: Buffer): Key {
  if (secret.length < MIN_SECRET_BYTES || secret.length > MAX_SECRET_BYTES) {
    throw new TypeError(
      `A ${PREFIX.secret} secret has ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes; this one has ${secret.length}.`,
    )
  }
  // As a key object it is taken over once, and not for each signature.
  const key = createSecretKey(secret)
  const hmac = (content: Content): string =>
    createHmac('sha256', key).update(content.head).update(content.body).digest('base64')
  return {
    scheme: 'v1',
    sign: hmac,
    verify: (content, signature) => isSame(hmac(content), signature),
  }
}

/** `whsk_`: the 32 bytes of the private key, then the 32 of its public key. */
function asymmetric(bytes: Buffer): Key {
  const [seed, publicKey] = [bytes.subarray(0, SEED_BYTES), bytes.subarray(SEED_BYTES)]
  const message = `A ${PREFIX.secretKey} key is a private key of ed25519 and its public key, 64 bytes`
  if (bytes.length !== SEED_BYTES + PUBLIC_KEY_BYTES) throw new TypeError(`${message}; this is none.`)
  // RFC 8037, section 2.
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: seed.toString('base64url'),
    x: publicKey.toString('base64url'),
  }
  const privateKey = createPrivateKey({ format: 'jwk', key: jwk })
  // Node derives the public key and doesn't look at the one that is given.
  if (createPublicKey(privateKey).export({ format: 'jwk' }).x !== jwk.x)
    throw new TypeError(`${message}; here the two don't belong together.`)
  return {
    scheme: 'v1a',
    sign: (content) => sign(null, joined(content), privateKey).toString('base64'),
    verify: verifyingWith(createPublicKey(privateKey)),
  }
}

function verifying(bytes: Buffer): Key {
  if (bytes.length !== PUBLIC_KEY_BYTES)
    throw new TypeError(
      `A ${PREFIX.publicKey} key has ${PUBLIC_KEY_BYTES} bytes; this one has ${bytes.length}.`,
    )
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }
  return {
    scheme: 'v1a',
    sign() {
      throw new TypeError(`A ${PREFIX.publicKey} key verifies; signing takes the ${PREFIX.secretKey} key.`)
    },
    verify: verifyingWith(createPublicKey({ format: 'jwk', key: jwk })),
  }
}

function verifyingWith(publicKey: KeyObject): Key['verify'] {
  return (content, signature) => {
    const bytes = Buffer.from(signature, 'base64')
    return (
      bytes.length === SIGNATURE_BYTES &&
      bytes.toString('base64') === signature &&
      verify(null, joined(content), publicKey, bytes)
    )
  }
}

/** Ed25519 signs its message whole. */
function joined({ head, body }: Content): Buffer {
  return Buffer.concat([Buffer.from(head), typeof body === 'string' ? Buffer.from(body) : body])
}

/** Takes the same time whatever the texts have in common; their length is no secret. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
