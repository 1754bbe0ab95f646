/** SQL of requests with an Idempotency-Key. Rows older than a day count as not there. */
import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { IdempotencyKeysTable } from '../../db/tables/idempotency-keys.ts'
import type { Id } from '../../lib/ids.ts'

export type IdempotencyRow = Selectable<IdempotencyKeysTable>

export type NewRequest = Pick<
  IdempotencyRow,
  'environment_id' | 'id' | 'fingerprint' | 'node_id' | 'created_at'
>

export type StoredAnswer = Pick<IdempotencyRow, 'status' | 'content_type' | 'answer'>

const PRUNE_BATCH = 10_000

export function findRequest(
  db: Db,
  environmentId: Id<'env'> | null,
  id: Buffer,
  notBefore: Date,
): Promise<IdempotencyRow | undefined> {
  return db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('environment_id', environmentId === null ? 'is' : '=', environmentId)
    .where('id', '=', id)
    .where('created_at', '>', notBefore)
    .executeTakeFirst()
}

/**
 * Waits for another transaction that claims the same. False when it committed; the work must not be done then. What it
 * claims is there when the transaction commits, and with it everything else that the transaction writes.
 */
export async function claimRequest(tx: Tx, row: NewRequest, notBefore: Date): Promise<boolean> {
  const claimed = await tx
    .insertInto('idempotency_keys')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['environment_id', 'id'])
        .doUpdateSet({ ...row, outcome: null, status: null, content_type: null, answer: null })
        .where('idempotency_keys.created_at', '<=', notBefore),
    )
    .returning('node_id')
    .executeTakeFirst()
  return claimed !== undefined
}

export async function keepOutcome(
  tx: Tx,
  environmentId: Id<'env'> | null,
  id: Buffer,
  outcome: Buffer,
): Promise<void> {
  await tx
    .updateTable('idempotency_keys')
    .set({ outcome })
    .where('environment_id', environmentId === null ? 'is' : '=', environmentId)
    .where('id', '=', id)
    .execute()
}

/** Of a request that had an effect, or none. The first answer stays. */
export async function keepAnswer(
  db: Db,
  row: NewRequest,
  answer: StoredAnswer,
  notBefore: Date,
): Promise<void> {
  await db
    .insertInto('idempotency_keys')
    .values({ ...row, ...answer })
    .onConflict((conflict) =>
      conflict
        .columns(['environment_id', 'id'])
        // The answer says all that the outcome was kept for.
        .doUpdateSet({ ...answer, outcome: null })
        .where('idempotency_keys.answer', 'is', null)
        .where('idempotency_keys.created_at', '>', notBefore),
    )
    .execute()
}

/** Over all environments: it reads nothing. How many it took away, at most 10,000. */
export async function pruneRequests(db: Db, before: Date): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM idempotency_keys WHERE created_at <= ${before} LIMIT ${PRUNE_BATCH}))`.execute(db)
  return Number(numAffectedRows)
}
