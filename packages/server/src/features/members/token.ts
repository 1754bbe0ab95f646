/** The token in the link of an invitation: 32 random bytes, of which only a hash is kept. */
import { createHash, randomBytes } from 'node:crypto'

/** 43 characters of base64url. */
export function createToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256: of so much randomness nothing can be guessed, and nothing slower is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
