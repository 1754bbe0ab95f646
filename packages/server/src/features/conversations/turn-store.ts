/** SQL of Clara's turns: begun with a message, leased by the node that works on them, finished once. */
import { type Insertable, sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { TurnStatus, TurnsTable } from '../../db/tables/conversations.ts'
import type { Id } from '../../lib/ids.ts'
import type { EnvironmentName } from '../../principal.ts'

/** A turn with all that is needed to work on it. `attempt` is its fencing token: a newer claim makes an older one void. */
export interface ClaimedTurn {
  id: Id<'turn'>
  environmentId: Id<'env'>
  environment: EnvironmentName
  conversationId: Id<'conv'>
  controlVersion: number
  attempt: number
  question: string
}

const LEASE_SECONDS = 20

const leaseEnd = sql<Date>`clock_timestamp() + make_interval(secs => ${sql.lit(LEASE_SECONDS)})`

/** Begins a turn, leased to this node. An older one of the conversation that still runs is superseded. */
export async function insertTurn(
  tx: Tx,
  row: Omit<Insertable<TurnsTable>, 'status' | 'attempts' | 'lease_expires_at'>,
): Promise<void> {
  await tx
    .updateTable('turns')
    .set({ status: 'superseded', finished_at: row.created_at })
    .where('environment_id', '=', row.environment_id)
    .where('conversation_id', '=', row.conversation_id)
    .where('status', '=', 'running')
    .execute()
  await tx
    .insertInto('turns')
    .values({ ...row, status: 'running', attempts: 1, lease_expires_at: leaseEnd })
    .execute()
}

/** Ends a turn that still runs under this claim. False when it was superseded or claimed by another node. */
export async function finishTurn(
  tx: Tx,
  turn: ClaimedTurn,
  status: Exclude<TurnStatus, 'running'>,
  finishedAt: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('turns')
    .set({ status, finished_at: finishedAt })
    .where('environment_id', '=', turn.environmentId)
    .where('id', '=', turn.id)
    .where('status', '=', 'running')
    .where('attempts', '=', turn.attempt)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Keeps the leases of turns that this node works on. Upkeep over all environments: it touches no customer data. */
export async function renewLeases(db: Db, ids: Id<'turn'>[]): Promise<void> {
  await db
    .updateTable('turns')
    .set({ lease_expires_at: leaseEnd })
    .where('id', 'in', ids)
    .where('status', '=', 'running')
    .execute()
}

/** Gives turns back, so that any node takes them up at once. */
export async function releaseLeases(db: Db, ids: Id<'turn'>[]): Promise<void> {
  await db
    .updateTable('turns')
    .set({ lease_expires_at: sql<Date>`clock_timestamp()` })
    .where('id', 'in', ids)
    .where('status', '=', 'running')
    .execute()
}

/** Takes up to `limit` turns, of whatever environment, whose node let the lease run out. */
export async function claimAbandonedTurns(db: Db, limit: number): Promise<ClaimedTurn[]> {
  const { rows } = await sql<ClaimedTurn>`
    UPDATE turns SET attempts = attempts + 1, lease_expires_at = ${leaseEnd}
      FROM (SELECT id FROM turns
             WHERE status = 'running' AND lease_expires_at <= clock_timestamp()
             ORDER BY lease_expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS abandoned,
           messages, environments
     WHERE turns.id = abandoned.id AND messages.id = turns.message_id AND environments.id = turns.environment_id
    RETURNING turns.id, turns.environment_id AS "environmentId", environments.name AS environment,
              turns.conversation_id AS "conversationId", turns.control_version AS "controlVersion",
              turns.attempts AS attempt, messages.content AS question`.execute(db)
  return rows
}
