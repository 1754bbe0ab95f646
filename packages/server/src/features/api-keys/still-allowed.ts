/**
 * A request that waits, for a lock or a connection, must not undo what was decided about its own key meanwhile: whoever
 * holds a stolen key would keep a few under way, and be out of quarantine as soon as it is in. So the caller is looked
 * at again in the transaction that changes keys, after its locks are taken.
 */
import type { Tx } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { ApiKeyPrincipal } from '../../principal.ts'
import { toKeyPrincipal } from './authentication/credentials.ts'
import { findSecretCredential } from './authentication/store.ts'
import { assertValid } from './authentication/validity.ts'
import type { Caller } from './editor.ts'
import { assertWithin, type Limits } from './rules.ts'

/**
 * Throws what the gate would now answer a key that is over or in quarantine, and `conflict` for one that is more
 * confined than it was when its request began. Does nothing for who calls without a key.
 */
export async function assertStillAllowed(
  tx: Tx,
  { environmentId, secretId, limits }: Pick<Caller, 'environmentId' | 'secretId' | 'limits'>,
  clock: Clock,
): Promise<void> {
  if (secretId === null) return
  const row = await findSecretCredential(tx, environmentId, secretId)
  if (row === undefined) throw new ApiError('invalid_api_key')
  const principal = toKeyPrincipal(row)
  assertValid(principal, clock)
  if (principal.quarantine !== null) {
    throw new ApiError('api_key_quarantined', {
      hint: `The key "${principal.name}" was put in quarantine while this request was under way: until it is released it may only read.`,
      details: { reason: 'read_only' },
    })
  }
  try {
    assertWithin(limitsOfCaller(principal), limits)
  } catch (cause) {
    const failure = new ApiError('conflict', {
      error: 'The calling key was confined while this request was under way',
      hint: 'Nothing was changed. Send it again: it is judged by what the key may do now.',
    })
    failure.cause = cause
    throw failure
  }
}

/** What confines a key that calls, and with it every key that it makes or changes. */
export function limitsOfCaller({
  grants,
  expiresAt,
  allowlist,
  ownRateLimitPerMinute,
}: ApiKeyPrincipal): Limits {
  const ipAllowlist = allowlist?.cidrs.map((cidr) => cidr.text) ?? []
  return { grants, expiresAt, ipAllowlist, rateLimitPerMinute: ownRateLimitPerMinute }
}
