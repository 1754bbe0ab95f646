/** What workspaces and sign-in ask of memberships, within their own transactions. */
import type { Tx } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { Person, Role } from '../../principal.ts'
import { deleteInvitationsOf } from './invitation-store.ts'
import { isSignedIn } from './people-store.ts'
import { deleteMembersOf, insertMember, listUsersOf } from './store.ts'

export interface MembershipsOptions {
  clock: Clock
  /** Once the transaction commits, this server reads again who these are; others hear of it by the database. */
  announce: (tx: Tx, userIds: readonly Id<'user'>[]) => void
}

export class Memberships {
  readonly #options: MembershipsOptions

  constructor(options: MembershipsOptions) {
    this.#options = options
  }

  /** Makes the person a member. One who is it already stays as they are. */
  async join(tx: Tx, workspaceId: Id<'ws'>, userId: Id<'user'>, role: Role): Promise<void> {
    const { clock, announce } = this.#options
    const joined = { user_id: userId, role, joined_at: new Date(clock.nowMs()) }
    await insertMember(tx, { id: newId('mem'), workspace_id: workspaceId, ...joined })
    announce(tx, [userId])
  }

  /** Ends every membership and every invitation of a workspace. */
  async dismissAll(tx: Tx, workspaceId: Id<'ws'>): Promise<void> {
    await deleteMembersOf(tx, workspaceId)
    await deleteInvitationsOf(tx, workspaceId)
  }

  /** Once the transaction commits, this server reads again what members of the workspace may do and what it is called. */
  async announce(tx: Tx, workspaceId: Id<'ws'>): Promise<void> {
    this.#options.announce(tx, await listUsersOf(tx, workspaceId))
  }

  /** Throws `unauthorized` when the person's session ended while the request was under way. */
  async assertSignedIn(tx: Tx, { userId, sessionId }: Person): Promise<void> {
    if (await isSignedIn(tx, userId, sessionId, new Date(this.#options.clock.nowMs()))) return
    throw new ApiError('unauthorized', {
      hint: 'You were signed out while this request was under way. Sign in again.',
    })
  }
}
