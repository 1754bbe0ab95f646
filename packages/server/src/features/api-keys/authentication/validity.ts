/** Whether a principal's time is over: its key revoked or expired, its secret replaced, its token old. */
import { ApiError } from '../../../errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { ClientTokenPrincipal, KeyHolder } from '../../../principal.ts'

/** Throws ApiError. Only who holds the whole secret or token gets this far, so the hint may say what happened. */
export function assertValid(principal: KeyHolder, clock: Clock): void {
  if (principal.kind === 'client_token') {
    assertTokenValid(principal, clock)
    return
  }
  const { revokedAt, expiresAt, superseded, name } = principal
  if (revokedAt !== null) {
    throw new ApiError('api_key_revoked', {
      hint: `This key ("${name}") was revoked at ${revokedAt.toISOString()}. Create a new one.`,
    })
  }
  if (isPast(expiresAt, clock)) {
    throw new ApiError('api_key_expired', {
      hint: `This key ("${name}") expired at ${expiresAt?.toISOString()}. Create a new one.`,
    })
  }
  if (superseded !== null && isPast(superseded.endsAt, clock)) {
    throw new ApiError('api_key_expired', {
      hint: `The key "${name}" was rotated, and this secret of it ended at ${superseded.endsAt.toISOString()}. Use its current secret.`,
      details: { reason: 'rotated' },
    })
  }
}

function assertTokenValid(token: ClientTokenPrincipal, clock: Clock): void {
  if (isPast(token.tokenExpiresAt, clock)) throw new ApiError('client_token_expired')
  const { revokedAt, expiresAt, quarantine } = token
  const isKeyOver = revokedAt !== null || isPast(expiresAt, clock)
  if (isKeyOver || quarantine !== null) throw new ApiError('invalid_client_token')
}

/** The clock is asked only where there is an end. */
function isPast(end: Date | null, clock: Clock): boolean {
  return end !== null && end.getTime() <= clock.nowMs()
}
