/**
 * The text of an API key's secret: `sk_`, `test_` or `live_`, 24 random letters and digits, and 6 of checksum, so
 * that a damaged copy is told from an unknown key without asking anybody.
 */
import { createHmac, type KeyObject } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { encodeBase62, randomBase62 } from '../../lib/base62.ts'
import type { EnvironmentName } from '../../principal.ts'

const RANDOM_LENGTH = 24
const CHECKSUM_LENGTH = 6
const PREFIX = /^sk_(?:test|live)_/
const PREFIX_LENGTH = 'sk_test_'.length
export const SECRET_LENGTH = PREFIX_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH

/** Why a text can't be a secret of this installation or any other. */
export type MalformedReason = 'whitespace' | 'wrong_prefix' | 'truncated' | 'checksum_mismatch'

export function createSecret(environment: EnvironmentName): string {
  const body = `sk_${environment}_${randomBase62(RANDOM_LENGTH)}`
  return body + checksum(body)
}

/** CRC-32 (the one of zlib and RFC 1952) of all before it, base 62, big-endian, left-padded with 0. */
function checksum(body: string): string {
  return encodeBase62(crc32(body), CHECKSUM_LENGTH)
}

/** What is wrong with the text, or undefined when it is a well-formed secret. */
export function findMalformation(text: string): MalformedReason | undefined {
  if (/\s/.test(text)) return 'whitespace'
  if (!PREFIX.test(text)) return 'wrong_prefix'
  if (text.length < SECRET_LENGTH) return 'truncated'
  if (text.length > SECRET_LENGTH) return 'checksum_mismatch'
  const body = text.slice(0, -CHECKSUM_LENGTH)
  return text.endsWith(checksum(body)) ? undefined : 'checksum_mismatch'
}

/** What is stored of a secret: HMAC-SHA-256 under a key that only this installation has. 32 bytes. */
export function hashSecret(hmacKey: KeyObject, secret: string): Buffer {
  return createHmac('sha256', hmacKey).update(secret).digest()
}

export function lastFourOf(secret: string): string {
  return secret.slice(-4)
}

/** How a secret is shown after its creation: `sk_live_…9fQa`. */
export function secretHint(environment: EnvironmentName, lastFour: string): string {
  return `sk_${environment}_…${lastFour}`
}
