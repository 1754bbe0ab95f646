/** SQL of workspaces and environments. */
import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { EnvironmentsTable, WorkspacesTable } from '../../db/tables/workspaces.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { Role } from '../../principal.ts'

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

export async function setName(tx: Tx, id: Id<'ws'>, name: string): Promise<void> {
  await tx.updateTable('workspaces').set({ name }).where('id', '=', id).execute()
}

/** The row, locked until the transaction ends: whoever decides about its people waits. False when it is deleted. */
export async function lockWorkspace(tx: Tx, id: Id<'ws'>): Promise<boolean> {
  const row = await tx
    .selectFrom('workspaces')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** From the commit on it is gone for everybody. */
export async function markDeleted(tx: Tx, id: Id<'ws'>, at: Date): Promise<void> {
  await tx.updateTable('workspaces').set({ deleted_at: at }).where('id', '=', id).execute()
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
    .where('deleted_at', 'is', null)
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
  return db.selectFrom('workspaces').selectAll().where('deleted_at', 'is', null).orderBy('id').execute()
}

/** A workspace as one of its members sees it. */
export type OwnWorkspaceRow = WorkspaceRow & { role: Role }

function selectOwn(db: Db | Tx, userId: Id<'user'>) {
  return db
    .selectFrom('workspaces')
    .innerJoin('members', 'members.workspace_id', 'workspaces.id')
    .selectAll('workspaces')
    .select('members.role')
    .where('members.user_id', '=', userId)
    .where('workspaces.deleted_at', 'is', null)
}

/** Those that this person is a member of, newest first, one row more than the page holds. */
export function listOwnWorkspaces(db: Db, userId: Id<'user'>, page: PageRequest): Promise<OwnWorkspaceRow[]> {
  const [afterId] = page.after ?? []
  return selectOwn(db, userId)
    .$if(afterId !== undefined, (query) => query.where('workspaces.id', '<', String(afterId) as Id<'ws'>))
    .orderBy('workspaces.id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

export function findOwnWorkspace(
  db: Db | Tx,
  userId: Id<'user'>,
  id: string,
): Promise<OwnWorkspaceRow | undefined> {
  return selectOwn(db, userId)
    .where('workspaces.id', '=', id as Id<'ws'>)
    .executeTakeFirst()
}

/** How many this person owns. */
export async function countOwned(tx: Tx, userId: Id<'user'>): Promise<number> {
  const { count } = await tx
    .selectFrom('members')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow()
  return count
}

/** The oldest workspace that nobody is a member of. */
export function findWorkspaceWithoutMembers(tx: Tx): Promise<WorkspaceRow | undefined> {
  return tx
    .selectFrom('workspaces')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('members')
            .select('members.id')
            .whereRef('members.workspace_id', '=', 'workspaces.id'),
        ),
      ),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}
