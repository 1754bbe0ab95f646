/** Who decides about people of a workspace, as of the transaction in which they do. */
import type { Tx } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { ApiKeyPrincipal, TeamPrincipal } from '../../principal.ts'
import type { Authority } from './rules.ts'
import { assertStillMember } from './still-member.ts'
import { lockWorkspace } from './store.ts'

/** Who runs the installation, and decides about everybody. */
export interface Installation {
  readonly kind: 'installation'
  readonly workspaceId: Id<'ws'>
  readonly once?: undefined
}

export type Manager = TeamPrincipal | Installation

export interface AuthorityOptions {
  clock: Clock
  /** Throws when the key may do less than when its request began. */
  assertKey: (tx: Tx, key: ApiKeyPrincipal) => Promise<void>
}

/**
 * Takes the workspace's lock, so that decisions about people follow each other, then looks at who decides again: whoever
 * lost a role while the request waited decides by what is left of it.
 */
export async function takeAuthority(
  tx: Tx,
  by: Manager,
  { assertKey, clock }: AuthorityOptions,
): Promise<Authority> {
  if (!(await lockWorkspace(tx, by.workspaceId))) throw new ApiError('not_found')
  if (by.kind === 'installation') return by
  if (by.kind === 'member') return { kind: 'member', role: (await assertStillMember(tx, by, clock)).role }
  await assertKey(tx, by)
  return { kind: 'api_key', grants: by.grants }
}
