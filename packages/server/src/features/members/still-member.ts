/**
 * A member's request that waits, for a lock or a connection, must not do what the member may no longer do: it is looked
 * at again in the transaction that has the effect.
 */
import type { Tx } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { type MemberPrincipal, missingGrants } from '../../principal.ts'
import { roles } from '../../roles.ts'
import { isSignedIn } from './people-store.ts'
import { holdMember, type MembershipRow } from './store.ts'

/**
 * The membership as it is now, which stays so until the transaction ends. Throws `unauthorized` for a session that
 * ended, `insufficient_permissions` for somebody who is no longer a member, and `conflict` when the role allows less than
 * when the request began.
 */
export async function assertStillMember(
  tx: Tx,
  member: MemberPrincipal,
  clock: Clock,
): Promise<MembershipRow> {
  const row = await holdMember(tx, member.workspaceId, member.userId)
  if (row === undefined) {
    throw new ApiError('insufficient_permissions', {
      error: 'You are no longer a member of this workspace',
      hint: 'Ask one of its owners or admins to invite you again.',
      details: { granted: [] },
    })
  }
  if (!(await isSignedIn(tx, member.userId, member.sessionId, new Date(clock.nowMs())))) {
    throw new ApiError('unauthorized', {
      hint: 'You were signed out while this request was under way. Sign in again.',
    })
  }
  if (missingGrants(roles[row.role].grants, member.grants).length > 0) {
    throw new ApiError('conflict', {
      error: 'Your role changed while this request was under way',
      hint: 'Nothing was changed. Send it again: it is judged by what you may do now.',
      details: { role: row.role },
    })
  }
  return row
}
