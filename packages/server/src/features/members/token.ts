/**
 * The token in the link of an invitation: 32 random bytes, of which only a hash is kept. In the mail it is followed by `.`
 * and a proof that it was mailed, which nobody can make who holds the token alone: whoever invites sees the token, too.
 */
import { createHash, createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'

/** 43 characters of base64url. */
export function createToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256: of so much randomness nothing can be guessed, and nothing slower is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** As the mail says it. */
export function toMailed(token: string, key: KeyObject): string {
  return `${token}.${proofOf(token, key)}`
}

/** From what a link says; undefined when its proof isn't ours. */
export function readToken(text: string, key: KeyObject): { token: string; wasMailed: boolean } | undefined {
  const [token = '', ...rest] = text.split('.')
  if (rest.length === 0) return { token, wasMailed: false }
  const [proof, expected] = [Buffer.from(rest.join('.')), Buffer.from(proofOf(token, key))]
  if (proof.length !== expected.length || !timingSafeEqual(proof, expected)) return undefined
  return { token, wasMailed: true }
}

function proofOf(token: string, key: KeyObject): string {
  return createHmac('sha256', key).update(token).digest('base64url')
}
