/** SQL of members. */
import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { MembersTable } from '../../db/tables/members.ts'
import type { Id } from '../../lib/ids.ts'
import type { Role } from '../../principal.ts'

export type MembershipRow = Selectable<MembersTable>

/** Until the transaction ends, nobody else decides about people of this workspace. False when it isn't there, or deleted. */
export async function lockWorkspace(tx: Tx, workspaceId: Id<'ws'>): Promise<boolean> {
  const row = await tx
    .selectFrom('workspaces')
    .select('id')
    .where('id', '=', workspaceId)
    .where('deleted_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Does nothing for somebody who is a member already. */
export async function insertMember(tx: Tx, row: Insertable<MembersTable>): Promise<void> {
  await tx
    .insertInto('members')
    .values(row)
    .onConflict((conflict) => conflict.columns(['workspace_id', 'user_id']).doNothing())
    .execute()
}

export function findMembership(
  db: Db | Tx,
  workspaceId: Id<'ws'>,
  userId: Id<'user'>,
): Promise<MembershipRow | undefined> {
  return db
    .selectFrom('members')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

/** The membership, which nobody changes or ends until the transaction ends. */
export function holdMember(
  tx: Tx,
  workspaceId: Id<'ws'>,
  userId: Id<'user'>,
): Promise<MembershipRow | undefined> {
  return tx
    .selectFrom('members')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .forShare()
    .executeTakeFirst()
}

export async function setRole(tx: Tx, workspaceId: Id<'ws'>, id: Id<'mem'>, role: Role): Promise<void> {
  await tx
    .updateTable('members')
    .set({ role })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

export async function deleteMember(tx: Tx, workspaceId: Id<'ws'>, id: Id<'mem'>): Promise<void> {
  await tx.deleteFrom('members').where('workspace_id', '=', workspaceId).where('id', '=', id).execute()
}

/** Owners of the workspace beside this member. */
export async function countOtherOwners(tx: Tx, workspaceId: Id<'ws'>, id: Id<'mem'>): Promise<number> {
  const { count } = await tx
    .selectFrom('members')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .where('role', '=', 'owner')
    .where('id', '!=', id)
    .executeTakeFirstOrThrow()
  return count
}

export async function listUsersOf(tx: Tx, workspaceId: Id<'ws'>): Promise<Id<'user'>[]> {
  const rows = await tx
    .selectFrom('members')
    .select('user_id')
    .where('workspace_id', '=', workspaceId)
    .execute()
  return rows.map((row) => row.user_id)
}

export async function deleteMembersOf(tx: Tx, workspaceId: Id<'ws'>): Promise<void> {
  await tx.deleteFrom('members').where('workspace_id', '=', workspaceId).execute()
}
