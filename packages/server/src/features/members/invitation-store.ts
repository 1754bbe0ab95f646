/** SQL of invitations. */
import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { InvitationsTable } from '../../db/tables/members.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { Role } from '../../principal.ts'

export type InvitationRow = Selectable<InvitationsTable>

export async function insertInvitation(tx: Tx, row: Insertable<InvitationsTable>): Promise<InvitationRow> {
  return tx.insertInto('invitations').values(row).returningAll().executeTakeFirstOrThrow()
}

/** Those that nobody has accepted, also when their time is over; newest first, one row more than the page holds. */
export function listOpenInvitations(
  db: Db,
  workspaceId: Id<'ws'>,
  page: PageRequest,
): Promise<InvitationRow[]> {
  const [afterId] = page.after ?? []
  return db
    .selectFrom('invitations')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('accepted_at', 'is', null)
    .$if(afterId !== undefined, (query) => query.where('id', '<', String(afterId) as Id<'inv'>))
    .orderBy('id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

export async function countOpenInvitations(tx: Tx, workspaceId: Id<'ws'>): Promise<number> {
  const { count } = await tx
    .selectFrom('invitations')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .where('accepted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

export function findOpenInvitation(
  tx: Tx,
  workspaceId: Id<'ws'>,
  id: Id<'inv'>,
): Promise<InvitationRow | undefined> {
  return tx
    .selectFrom('invitations')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
}

/** By an address in lower case. */
export function findOpenInvitationOf(
  tx: Tx,
  workspaceId: Id<'ws'>,
  email: string,
): Promise<InvitationRow | undefined> {
  return tx
    .selectFrom('invitations')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
}

export async function updateInvitation(
  tx: Tx,
  workspaceId: Id<'ws'>,
  id: Id<'inv'>,
  change: Updateable<InvitationsTable>,
): Promise<InvitationRow> {
  return tx
    .updateTable('invitations')
    .set(change)
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function deleteInvitation(tx: Tx, workspaceId: Id<'ws'>, id: Id<'inv'>): Promise<void> {
  await tx.deleteFrom('invitations').where('workspace_id', '=', workspaceId).where('id', '=', id).execute()
}

export async function deleteInvitationsOf(tx: Tx, workspaceId: Id<'ws'>): Promise<void> {
  await tx.deleteFrom('invitations').where('workspace_id', '=', workspaceId).execute()
}

/** Those that this member made for one of these roles and nobody has accepted. */
export async function deleteInvitationsBy(
  tx: Tx,
  workspaceId: Id<'ws'>,
  memberId: Id<'mem'>,
  roles: readonly Role[],
): Promise<void> {
  if (roles.length === 0) return
  await tx
    .deleteFrom('invitations')
    .where('workspace_id', '=', workspaceId)
    .where('inviter_id', '=', memberId)
    .where('role', 'in', roles)
    .where('accepted_at', 'is', null)
    .execute()
}

/** An invitation with the workspace that it is to, and, when a key made it, what became of the key. */
export type HeldInvitationRow = InvitationRow & {
  workspace_name: string
  plan: 'standard' | 'enterprise'
  workspace_created_at: Date
  key_permissions: string[] | null
  key_revoked_at: Date | null
  key_expires_at: Date | null
  key_quarantined_at: Date | null
}

/** Looked up by what the caller proved to hold, so this one query knows no workspace beforehand. */
export function findInvitationByHash(db: Db | Tx, hash: Buffer): Promise<HeldInvitationRow | undefined> {
  return db
    .selectFrom('invitations')
    .innerJoin('workspaces', 'workspaces.id', 'invitations.workspace_id')
    .leftJoin('api_keys', 'api_keys.id', 'invitations.inviter_id')
    .selectAll('invitations')
    .select([
      'workspaces.name as workspace_name',
      'workspaces.plan',
      'workspaces.created_at as workspace_created_at',
      'api_keys.permissions as key_permissions',
      'api_keys.revoked_at as key_revoked_at',
      'api_keys.expires_at as key_expires_at',
      'api_keys.quarantined_at as key_quarantined_at',
    ])
    .where('invitations.token_hash', '=', hash)
    .where('workspaces.deleted_at', 'is', null)
    .executeTakeFirst()
}
