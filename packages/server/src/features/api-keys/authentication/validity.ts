/** Whether a principal's time is over: its key revoked or expired, its secret replaced, its token old. */
import { ApiError } from '../../../errors.ts'
import type { Principal } from '../../../principal.ts'

/** Throws ApiError. Only who holds the whole secret or token gets this far, so the hint may say what happened. */
export function assertValid(principal: Principal, nowMs: number): void {
  if (principal.kind === 'client_token') {
    assertTokenValid(principal, nowMs)
    return
  }
  const { revokedAt, expiresAt, superseded, name } = principal
  if (revokedAt !== null) {
    throw new ApiError('api_key_revoked', {
      hint: `This key ("${name}") was revoked at ${revokedAt.toISOString()}. Create a new one.`,
    })
  }
  if (expiresAt !== null && expiresAt.getTime() <= nowMs) {
    throw new ApiError('api_key_expired', {
      hint: `This key ("${name}") expired at ${expiresAt.toISOString()}. Create a new one.`,
    })
  }
  if (superseded !== null && superseded.endsAt.getTime() <= nowMs) {
    throw new ApiError('api_key_expired', {
      hint: `The key "${name}" was rotated, and this old secret ended at ${superseded.endsAt.toISOString()}. Use the new secret.`,
      details: { reason: 'rotated' },
    })
  }
}

function assertTokenValid(token: Extract<Principal, { kind: 'client_token' }>, nowMs: number): void {
  if (token.tokenExpiresAt.getTime() <= nowMs) throw new ApiError('client_token_expired')
  const { revokedAt, expiresAt, quarantine } = token
  const isKeyOver = revokedAt !== null || (expiresAt !== null && expiresAt.getTime() <= nowMs)
  if (isKeyOver || quarantine !== null) throw new ApiError('invalid_client_token')
}
