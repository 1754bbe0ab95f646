/** What Better Auth and we must agree on, apart from it: loading it takes a while. Pure. */
import { createHash } from 'node:crypto'
import { COOKIE_PREFIX } from './session-cookie.ts'

export const PASSWORD_LENGTH = { min: 10, max: 128 } as const

/** Of who is asked for the code of the second factor. */
export const CHALLENGE_COOKIE = `${COOKIE_PREFIX}.two_factor`

/** How an identifier is kept in the table of verifications. */
export function storedIdentifier(identifier: string): string {
  return createHash('sha256').update(identifier).digest('base64url')
}
