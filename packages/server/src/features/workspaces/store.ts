/** SQL of workspaces and environments. */
import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { EnvironmentsTable, WorkspacesTable } from '../../db/tables/workspaces.ts'
import type { Id } from '../../lib/ids.ts'

export type WorkspaceRow = Selectable<WorkspacesTable>

export async function insertWorkspace(tx: Tx, row: Insertable<WorkspacesTable>): Promise<void> {
  await tx.insertInto('workspaces').values(row).execute()
}

export async function insertEnvironments(tx: Tx, rows: Insertable<EnvironmentsTable>[]): Promise<void> {
  await tx.insertInto('environments').values(rows).execute()
}

export async function setPlan(tx: Tx, id: Id<'ws'>, plan: WorkspaceRow['plan']): Promise<void> {
  await tx.updateTable('workspaces').set({ plan }).where('id', '=', id).execute()
}

/** Until the transaction ends, no other one makes a workspace. */
export async function lockWorkspaces(tx: Tx): Promise<void> {
  await sql`LOCK TABLE workspaces IN SHARE ROW EXCLUSIVE MODE`.execute(tx)
}

/** By id, or by name whatever its case. */
export function findWorkspaces(db: Db | Tx, idOrName: string): Promise<WorkspaceRow[]> {
  return db
    .selectFrom('workspaces')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('id', '=', idOrName as Id<'ws'>),
        eb(eb.fn('lower', ['name']), '=', eb.fn<string>('lower', [eb.val(idOrName)])),
      ]),
    )
    .orderBy('id')
    .execute()
}

export async function findEnvironmentId(
  db: Db | Tx,
  workspaceId: Id<'ws'>,
  name: 'test' | 'live',
): Promise<Id<'env'> | undefined> {
  const row = await db
    .selectFrom('environments')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.id
}

/** Oldest first. */
export function listWorkspaces(db: Db): Promise<WorkspaceRow[]> {
  return db.selectFrom('workspaces').selectAll().orderBy('id').execute()
}
