/** From the token of an invitation to a member: what it is about, and joining by it, once. */
import type { KeyObject } from 'node:crypto'
import type { Db, Tx } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import { ApiError, rateLimited } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import { Throttle } from '../../lib/throttle.ts'
import type { Grant, Person } from '../../principal.ts'
import { findInvitationByHash, type HeldInvitationRow, updateInvitation } from './invitation-store.ts'
import type { Memberships } from './memberships.ts'
import { findMemberByUser, hasAccount, type MemberRow } from './people-store.ts'
import { mayManage } from './rules.ts'
import { findMembership, lockWorkspace } from './store.ts'
import { hashToken, readToken } from './token.ts'

/** Tokens that one group of addresses may try at once, and then each minute. */
const TRIES = { burst: 30, perMinute: 30 }

export interface AcceptanceOptions {
  db: Db
  clock: Clock
  /** Proves which links were mailed. */
  key: KeyObject
  memberships: Memberships
  /** Takes the note back that this person left. */
  noteReturn: (tx: Tx, workspaceId: Id<'ws'>, email: string) => Promise<void>
}

export interface Joined {
  member: MemberRow
  workspace: Pick<HeldInvitationRow, 'workspace_id' | 'workspace_name' | 'plan' | 'workspace_created_at'>
}

export class Acceptance {
  readonly #options: AcceptanceOptions
  readonly #tries = new Throttle(TRIES)

  constructor(options: AcceptanceOptions) {
    this.#options = options
  }

  /** For who isn't signed in: `source` is whom the tries are counted of. Throws not_found, rate_limited. */
  async lookUp(
    token: string,
    source: string,
  ): Promise<{ invitation: HeldInvitationRow; hasAccount: boolean }> {
    const { db, clock } = this.#options
    const waitMs = this.#tries.take(source, clock.nowMs())
    if (waitMs > 0) throw rateLimited('invitation_lookups', waitMs)
    const invitation = await this.#find(db, token)
    assertHolds(invitation, clock.nowMs())
    return { invitation, hasAccount: await hasAccount(db, invitation.email) }
  }

  /** Whether this token invites this address now, and was mailed to it: for who wants to sign up by it. */
  async invites(text: string, email: string): Promise<'no' | 'by link' | 'by mail'> {
    const { db, clock, key } = this.#options
    const read = readToken(text, key)
    if (read === undefined) return 'no'
    const invitation = await findInvitationByHash(db, hashToken(read.token))
    if (invitation === undefined || invitation.email !== email.toLowerCase()) return 'no'
    if (problemOf(invitation, clock.nowMs()) !== undefined) return 'no'
    return read.wasMailed ? 'by mail' : 'by link'
  }

  /**
   * Makes the person a member. Whoever holds the link and signs in with the address that it was made for is taken to be
   * the one who was meant. Accepting twice is no error for the same person. A role that they have already stays.
   */
  async accept(person: Person, token: string): Promise<Joined> {
    const { db, clock, memberships, noteReturn } = this.#options
    const { userId } = person
    const { workspace_id: workspaceId } = await this.#find(db, token)
    return transactOnce(db, person, async (tx) => {
      if (!(await lockWorkspace(tx, workspaceId))) throw gone()
      // Read again under the lock, which whoever accepts or takes back has held.
      const invitation = await this.#find(tx, token)
      await memberships.assertSignedIn(tx, person)
      const membership = await findMembership(tx, workspaceId, userId)
      if (invitation.accepted_by !== userId || membership === undefined) {
        const nowMs = clock.nowMs()
        assertHolds(invitation, nowMs)
        assertIsFor(invitation, person)
        if (membership === undefined) await memberships.join(tx, workspaceId, userId, invitation.role)
        await noteReturn(tx, workspaceId, invitation.email)
        const accepted = { accepted_at: new Date(nowMs), accepted_by: userId }
        await updateInvitation(tx, workspaceId, invitation.id, accepted)
      }
      const member = await findMemberByUser(tx, workspaceId, userId)
      if (member === undefined) throw new Error(`user ${userId} has joined and is no member`)
      return { member, workspace: invitation }
    })
  }

  async #find(db: Db | Tx, text: string): Promise<HeldInvitationRow> {
    const read = readToken(text, this.#options.key)
    const invitation = read === undefined ? undefined : await findInvitationByHash(db, hashToken(read.token))
    if (invitation === undefined) throw gone()
    return invitation
  }
}

function assertHolds(invitation: HeldInvitationRow, nowMs: number): void {
  const problem = problemOf(invitation, nowMs)
  if (problem !== undefined) throw gone(problem)
}

/** Why it can't be used any more. */
function problemOf(invitation: HeldInvitationRow, nowMs: number): string | undefined {
  if (invitation.accepted_at !== null) return 'This invitation was used: it works once.'
  if (invitation.expires_at.getTime() <= nowMs)
    return `This invitation ended at ${invitation.expires_at.toISOString()}.`
  if (invitation.inviter_type === 'api_key' && !keyStillMay(invitation, nowMs))
    return 'The API key that made this invitation may no longer do so.'
  return undefined
}

/** Members who may no longer invite lose their invitations at once; what became of a key is looked at when it counts. */
function keyStillMay(invitation: HeldInvitationRow, nowMs: number): boolean {
  const { key_permissions: permissions, key_expires_at: expiresAt } = invitation
  if (permissions === null || invitation.key_revoked_at !== null || invitation.key_quarantined_at !== null)
    return false
  if (expiresAt !== null && expiresAt.getTime() <= nowMs) return false
  const grants = permissions as Grant[] // written after validation against the list of permissions
  return mayManage({ kind: 'api_key', grants }, invitation.role)
}

function gone(why = 'There is no such invitation, or it was taken back.'): ApiError {
  return new ApiError('not_found', {
    error: 'This invitation can’t be used',
    hint: `${why} Ask who invited you for a new one.`,
  })
}

function assertIsFor({ email }: HeldInvitationRow, person: Person): void {
  if (email === person.email.toLowerCase()) return
  throw new ApiError('insufficient_permissions', {
    error: 'This invitation is for another e-mail address than yours',
    hint: 'Sign in with the address that was invited, or ask for an invitation of the one you use.',
    details: { granted: [] },
  })
}
