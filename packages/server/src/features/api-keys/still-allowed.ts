/**
 * A request that waits, for a lock or a connection, must not undo what was decided about its own caller meanwhile:
 * whoever holds a stolen key would keep a few under way, and be out of quarantine as soon as it is in; and so would a
 * member who is being removed. So the caller is looked at again in the transaction that changes things, after its locks
 * are taken.
 */
import type { Tx } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { ApiKeyPrincipal, MemberPrincipal, Scope } from '../../principal.ts'
import { toKeyPrincipal } from './authentication/credentials.ts'
import { findSecretCredential } from './authentication/store.ts'
import { assertValid } from './authentication/validity.ts'
import type { Caller } from './editor.ts'
import { assertWithin, type Limits } from './rules.ts'

/** What a request was made with. */
export type Credential =
  | { readonly kind: 'secret'; readonly secretId: Id<'sec'> }
  | { readonly kind: 'member'; readonly member: MemberPrincipal }

export interface StillAllowedOptions {
  clock: Clock
  /** Throws when somebody is no longer signed in, no longer a member, or may do less than before. */
  assertStillMember: (tx: Tx, member: MemberPrincipal) => Promise<unknown>
}

export class StillAllowed {
  readonly #options: StillAllowedOptions

  constructor(options: StillAllowedOptions) {
    this.#options = options
  }

  /**
   * Throws what the gate would now answer a key that is over or in quarantine, and `conflict` for one that is more
   * confined than it was when its request began; of a member, the same. Does nothing for who runs the installation.
   */
  async assert(
    tx: Tx,
    { environmentId, credential, limits }: Pick<Caller, 'environmentId' | 'credential' | 'limits'>,
  ): Promise<void> {
    if (credential === null) return
    if (credential.kind === 'member') await this.#options.assertStillMember(tx, credential.member)
    else await this.#assertKey(tx, environmentId, credential.secretId, limits)
  }

  /** The same for a key that changes something else than keys. */
  assertKey(tx: Tx, principal: ApiKeyPrincipal): Promise<void> {
    return this.#assertKey(tx, principal.environmentId, principal.secretId, limitsOfCaller(principal))
  }

  async #assertKey(
    tx: Tx,
    environmentId: Scope['environmentId'],
    secretId: Id<'sec'>,
    limits: Limits,
  ): Promise<void> {
    const row = await findSecretCredential(tx, environmentId, secretId)
    if (row === undefined) throw new ApiError('invalid_api_key')
    const principal = toKeyPrincipal(row)
    assertValid(principal, this.#options.clock)
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
