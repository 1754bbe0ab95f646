/** SQL that takes away the rows of a deleted workspace, in batches where there may be many. */
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import type { Id } from '../../lib/ids.ts'

/** The oldest of them after this id, or the one that is named, unless another node has it. */
export async function holdDeletedWorkspace(
  tx: Tx,
  after: string,
  id: Id<'ws'> | undefined,
): Promise<{ id: Id<'ws'>; deleted_at: Date } | undefined> {
  const { rows } = await sql<{ id: Id<'ws'>; deleted_at: Date }>`
    SELECT id, deleted_at FROM workspaces
     WHERE deleted_at IS NOT NULL AND id > ${after} AND (${id ?? null}::text IS NULL OR id = ${id ?? null})
     ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`.execute(tx)
  return rows[0]
}

interface PurgeStep {
  table: string
  /** What names a row in every partition. */
  key: readonly string[]
  batch: number
  /** What goes with the rows and has no foreign key: its column that holds their id. */
  child?: { table: string; column: string }
}

/**
 * Tables that grow with use; what refers to their rows goes with them, and what is in no table of these goes with the
 * environments. Days of deliveries and logs know no foreign key.
 */
export const purgeSteps: readonly PurgeStep[] = [
  { table: 'conversations', key: ['id'], batch: 200 },
  { table: 'contacts', key: ['id'], batch: 1_000 },
  { table: 'events', key: ['sequence'], batch: 2_000 },
  {
    table: 'deliveries',
    key: ['id', 'created_at'],
    batch: 1_000,
    child: { table: 'delivery_attempts', column: 'delivery_id' },
  },
  { table: 'request_logs', key: ['id', 'created_at'], batch: 1_000 },
  { table: 'idempotency_keys', key: ['id'], batch: 2_000 },
]

/** True when that was the last of them. */
export async function deleteBatch(tx: Tx, step: PurgeStep, workspaceId: Id<'ws'>): Promise<boolean> {
  const { table, key, batch, child } = step
  const columns = sql.join(key.map((name) => sql.ref(name)))
  const { rows } = await sql<{ key: string }>`
    WITH gone AS (
      DELETE FROM ${sql.table(table)}
       WHERE environment_id IN (SELECT id FROM environments WHERE workspace_id = ${workspaceId})
         AND (environment_id, ${columns}) IN (
           SELECT environment_id, ${columns} FROM ${sql.table(table)}
            WHERE environment_id IN (SELECT id FROM environments WHERE workspace_id = ${workspaceId})
            LIMIT ${batch})
      RETURNING ${sql.ref(key[0] ?? 'id')} AS key)
    SELECT key::text FROM gone`.execute(tx)
  if (child !== undefined && rows.length > 0) {
    const ids = rows.map((row) => row.key)
    await sql`DELETE FROM ${sql.table(child.table)} WHERE ${sql.ref(child.column)} = ANY (${ids}::text[])`.execute(
      tx,
    )
  }
  return rows.length < batch
}

/** The rest. Attempts whose deliveries went with their day are looked for in all that there are. */
export async function deleteWorkspace(tx: Tx, id: Id<'ws'>): Promise<void> {
  await sql`
    DELETE FROM delivery_attempts
     WHERE environment_id IN (SELECT id FROM environments WHERE workspace_id = ${id})`.execute(tx)
  await tx.deleteFrom('workspaces').where('id', '=', id).execute()
}
