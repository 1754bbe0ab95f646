/** Members: seen, given another role, removed, and leaving; who may is decided in the transaction that does it. */
import type { Db, Tx } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import { ApiError } from '../../errors.ts'
import type { Id } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { allows, type Role, type Scope } from '../../principal.ts'
import { roleNames } from '../../roles.ts'
import { type AuthorityOptions, type Manager, takeAuthority } from './authority.ts'
import { deleteInvitationsBy } from './invitation-store.ts'
import { findMember, findMemberByEmail, listMembers, type MemberRow } from './people-store.ts'
import { assertMayGive, assertMayTouch, assertOwnerStays, mayManage } from './rules.ts'
import * as store from './store.ts'

/** More than anybody reads. */
const MAX_LISTED = 10_000

export interface MemberServiceOptions extends AuthorityOptions {
  db: Db
  /** From now on the keys of this person carry the note `owner_left`. */
  noteDeparture: (tx: Tx, workspaceId: Id<'ws'>, email: string) => Promise<void>
  /** Once the transaction commits, this server reads again who these are; others hear of it by the database. */
  announce: (tx: Tx, userIds: readonly Id<'user'>[]) => void
}

export class MemberService {
  readonly #options: MemberServiceOptions

  constructor(options: MemberServiceOptions) {
    this.#options = options
  }

  async list({ workspaceId }: Pick<Scope, 'workspaceId'>, page: PageRequest): Promise<Page<MemberRow>> {
    const rows = await listMembers(this.#options.db, workspaceId, page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  /** Every one of them, for who runs the installation. */
  listAll(workspaceId: Id<'ws'>): Promise<MemberRow[]> {
    return listMembers(this.#options.db, workspaceId, { limit: MAX_LISTED, offset: 0, after: undefined })
  }

  /** By an e-mail address, whatever its case. */
  findByEmail(workspaceId: Id<'ws'>, email: string): Promise<MemberRow | undefined> {
    return findMemberByEmail(this.#options.db, workspaceId, email.toLowerCase())
  }

  /**
   * This server knows it before this returns, others a moment later. Invitations that the member could no longer
   * make are taken back. Throws `conflict` for the last owner.
   */
  async changeRole(by: Manager, id: Id<'mem'>, role: Role): Promise<MemberRow> {
    const { workspaceId } = by
    return transactOnce(this.#options.db, by, async (tx) => {
      const authority = await takeAuthority(tx, by, this.#options)
      const member = await findMember(tx, workspaceId, id)
      if (member === undefined) throw missing(id)
      assertMayTouch(authority, member.role)
      assertMayGive(authority, role)
      if (member.role === role) return member
      assertOwnerStays(member.role, role, await store.countOtherOwners(tx, workspaceId, id))
      await store.setRole(tx, workspaceId, id, role)
      const lost = roleNames.filter((other) => !mayManage({ kind: 'member', role }, other))
      await deleteInvitationsBy(tx, workspaceId, id, lost)
      this.#options.announce(tx, [member.user_id])
      return { ...member, role }
    })
  }

  /** Removes somebody, or lets them leave; their keys stay. Throws `conflict` for the last owner. */
  async remove(by: Manager, id: Id<'mem'>): Promise<void> {
    const { workspaceId } = by
    const { db, noteDeparture } = this.#options
    await transactOnce(db, by, async (tx) => {
      const authority = await takeAuthority(tx, by, this.#options)
      const member = await findMember(tx, workspaceId, id)
      if (member === undefined) throw missing(id)
      if (by.kind !== 'member' || by.memberId !== id) {
        assertMayWrite(by)
        assertMayTouch(authority, member.role)
      }
      assertOwnerStays(member.role, 'none', await store.countOtherOwners(tx, workspaceId, id))
      await store.deleteMember(tx, workspaceId, id)
      await deleteInvitationsBy(tx, workspaceId, id, roleNames)
      await noteDeparture(tx, workspaceId, member.email)
      this.#options.announce(tx, [member.user_id])
    })
  }
}

/** Leaving takes no permission, removing does: the route can't tell them apart. */
function assertMayWrite(by: Manager): void {
  if (by.kind === 'installation' || allows(by.grants, 'members:write')) return
  throw new ApiError('insufficient_permissions', {
    hint: 'You may leave yourself; removing others takes the permission members:write.',
    details: { required: 'members:write', granted: by.grants },
  })
}

function missing(id: string): ApiError {
  return new ApiError('not_found', { hint: `There is no member ${id} in this workspace.` })
}
