/**
 * The text of an AgentClara secret: `sk_`, `test_` or `live_`, 24 random letters and digits, and 6 of checksum, so
 * that a damaged copy is told from an unknown key, and a key from any other text, without asking anybody.
 */
import { crc32 } from './crc32.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const RANDOM_LENGTH = 24
const CHECKSUM_LENGTH = 6
const PREFIX = /^sk_(?:test|live)_/
const PREFIX_LENGTH = 'sk_test_'.length
export const SECRET_LENGTH = PREFIX_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH

export type KeyEnvironment = 'test' | 'live'

/** Why a text can't be a secret of any installation. */
export type MalformedReason = 'whitespace' | 'wrong_prefix' | 'truncated' | 'checksum_mismatch'

/** A secret in a text, from `start` up to but without `end`, counted in UTF-16 code units. */
export interface FoundSecret {
  secret: string
  environment: KeyEnvironment
  start: number
  end: number
}

/**
 * CRC-32 of the body (all that precedes the checksum), in base 62 with the alphabet 0-9A-Za-z, big-endian,
 * left-padded with `0` to 6 characters. Throws RangeError when the body isn't ASCII.
 */
export function checksum(body: string): string {
  let text = ''
  let rest = crc32(body)
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    text = ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/** What is wrong with the text, or undefined when it is a well-formed secret. */
export function findMalformation(text: string): MalformedReason | undefined {
  if (/\s/.test(text)) return 'whitespace'
  if (!PREFIX.test(text)) return 'wrong_prefix'
  if (text.length < SECRET_LENGTH) return 'truncated'
  if (text.length > SECRET_LENGTH) return 'checksum_mismatch'
  return /[^0-9A-Za-z]/.test(text.slice(PREFIX_LENGTH)) || !hasItsChecksum(text)
    ? 'checksum_mismatch'
    : undefined
}

/** The text must be ASCII. */
function hasItsChecksum(text: string): boolean {
  return text.endsWith(checksum(text.slice(0, -CHECKSUM_LENGTH)))
}

/**
 * The well-formed secrets in a text, in order. One that goes on with a letter or digit is none: a key of another
 * service may begin with the same 38 characters. What precedes doesn't matter: escapes such as `\n` and `%3D` end in
 * letters and digits, and the checksum alone tells a secret from chance (1 in 4 thousand million). Takes time linear
 * in the length of any text.
 */
export function* findSecrets(text: string): Generator<FoundSecret, void, undefined> {
  const candidate = /sk_(test|live)_[0-9A-Za-z]{30}(?![0-9A-Za-z])/g
  for (let match = candidate.exec(text); match !== null; match = candidate.exec(text)) {
    const [secret, environment] = match
    const start = match.index
    // The `sk` of a secret may be the last two letters of a candidate that is none: only the prefix is passed over.
    candidate.lastIndex = start + PREFIX_LENGTH
    if (hasItsChecksum(secret)) {
      // The pattern allows no other name.
      yield { secret, environment: environment as KeyEnvironment, start, end: start + SECRET_LENGTH }
    }
  }
}

export function lastFourOf(secret: string): string {
  return secret.slice(-4)
}

/** How a secret is shown after its creation: `sk_live_…9fQa`. */
export function secretHint(environment: KeyEnvironment, lastFour: string): string {
  return `sk_${environment}_…${lastFour}`
}
