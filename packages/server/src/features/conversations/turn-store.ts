/** SQL of Clara's turns: begun with a message, leased by the node that works on them, finished once. */
import { type Insertable, sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { TurnStatus, TurnsTable } from '../../db/tables/conversations.ts'
import type { Id } from '../../lib/ids.ts'
import type { EnvironmentName } from '../../principal.ts'
import type { MessageRow } from './store.ts'
import { joinQuestion, type TurnQuestion, unansweredMessages } from './turn-question.ts'

/** A turn with all that is needed to work on it. `attempt` is its fencing token: a newer claim makes an older one void. */
export interface ClaimedTurn {
  id: Id<'turn'>
  environmentId: Id<'env'>
  environment: EnvironmentName
  conversationId: Id<'conv'>
  /** The message that began it. */
  messageId: Id<'msg'>
  controlVersion: number
  attempt: number
  question: TurnQuestion
}

/** What names a claim. */
export type Claim = Pick<ClaimedTurn, 'id' | 'attempt'>

/** How long a node that is heard of no more keeps its turns. */
export const LEASE_MS = 20_000

const leaseEnd = (leaseMs: number) =>
  sql<Date>`clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8)`

/** Begins a turn, leased to this node. An older one of the conversation that still runs is superseded. */
export async function insertTurn(
  tx: Tx,
  row: Omit<Insertable<TurnsTable>, 'status' | 'attempts' | 'lease_expires_at'>,
): Promise<TurnQuestion> {
  await tx
    .updateTable('turns')
    .set({ status: 'superseded', finished_at: row.created_at })
    .where('environment_id', '=', row.environment_id)
    .where('conversation_id', '=', row.conversation_id)
    .where('status', '=', 'running')
    .execute()
  const { contents } = await tx
    .insertInto('turns')
    .values({ ...row, status: 'running', attempts: 1, lease_expires_at: leaseEnd(LEASE_MS) })
    .returning(unansweredMessages(row.environment_id, row.conversation_id, row.message_id).as('contents'))
    .executeTakeFirstOrThrow()
  return joinQuestion(contents)
}

/** How a turn ended, with the reply that landed; undefined while it runs. One that is gone was superseded. */
export async function findTurnEnd(
  db: Db,
  { environmentId, conversationId, id }: ClaimedTurn,
): Promise<{ status: Exclude<TurnStatus, 'running'>; reply: MessageRow | undefined } | undefined> {
  const turn = await db
    .selectFrom('turns')
    .select('status')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (turn === undefined) return { status: 'superseded', reply: undefined }
  if (turn.status === 'running') return undefined
  const reply = await db
    .selectFrom('messages')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('conversation_id', '=', conversationId)
    .where('turn_id', '=', id)
    .executeTakeFirst()
  return { status: turn.status, reply }
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

/**
 * Keeps the leases of claims that this node works on; one that was lost to another node is left alone. Upkeep over all
 * environments: it touches no customer data.
 */
export async function renewLeases(db: Db, claims: Claim[], leaseMs: number): Promise<void> {
  await setLeases(db, claims, leaseMs)
}

/** Gives claims back, so that any node takes the turns up at once. */
export async function releaseLeases(db: Db, claims: Claim[]): Promise<void> {
  await setLeases(db, claims, 0)
}

async function setLeases(db: Db, claims: Claim[], leaseMs: number): Promise<void> {
  await sql`
    UPDATE turns SET lease_expires_at = ${leaseEnd(leaseMs)}
      FROM unnest(${claims.map(({ id }) => id)}::text[], ${claims.map(({ attempt }) => attempt)}::int[])
        AS held (id, attempt)
     WHERE turns.id = held.id AND turns.attempts = held.attempt AND turns.status = 'running'`.execute(db)
}

type ClaimedRow = Omit<ClaimedTurn, 'question'> & { contents: string[] }

/** Takes up to `limit` turns, of whatever environment, whose node let the lease run out. */
export async function claimAbandonedTurns(db: Db, limit: number, leaseMs: number): Promise<ClaimedTurn[]> {
  const contents = unansweredMessages(
    sql.ref('turns.environment_id'),
    sql.ref('turns.conversation_id'),
    sql.ref('turns.message_id'),
  )
  const { rows } = await sql<ClaimedRow>`
    UPDATE turns SET attempts = attempts + 1, lease_expires_at = ${leaseEnd(leaseMs)}
      FROM (SELECT id FROM turns
             WHERE status = 'running' AND lease_expires_at <= clock_timestamp()
             ORDER BY lease_expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS abandoned,
           environments
     WHERE turns.id = abandoned.id AND environments.id = turns.environment_id
    RETURNING turns.id, turns.environment_id AS "environmentId", environments.name AS environment,
              turns.conversation_id AS "conversationId", turns.message_id AS "messageId",
              turns.control_version AS "controlVersion", turns.attempts AS attempt,
              ${contents} AS contents`.execute(db)
  return rows.map(({ contents, ...turn }) => ({ ...turn, question: joinQuestion(contents) }))
}
