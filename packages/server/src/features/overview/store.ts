/** SQL behind the overview: counts of one environment, each from an index. */
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import type { Id } from '../../lib/ids.ts'
import type { QuarterCount } from './figures.ts'

export interface Range {
  since: Date
  until: Date
}

export interface Present {
  needsPerson: number
  open: number
}

export async function readPresent(db: Db, environmentId: Id<'env'>): Promise<Present> {
  const { rows } = await sql<{ needs_person: number; open: number }>`
    SELECT (SELECT count(*) FROM conversations
             WHERE environment_id = ${environmentId} AND handled_by = 'human' AND status = 'open') AS needs_person,
           (SELECT count(*) FROM conversations
             WHERE environment_id = ${environmentId} AND status = 'open') AS open`.execute(db)
  return { needsPerson: Number(rows[0]?.needs_person ?? 0), open: Number(rows[0]?.open ?? 0) }
}

/** Conversations begun, by quarters of an hour. */
export async function countBegun(
  db: Db,
  environmentId: Id<'env'>,
  { since, until }: Range,
): Promise<QuarterCount[]> {
  const { rows } = await sql<{ start: Date; count: number }>`
    SELECT date_bin('15 minutes', created_at, 'epoch') AS start, count(*) AS count FROM conversations
     WHERE environment_id = ${environmentId} AND created_at >= ${since} AND created_at < ${until}
     GROUP BY 1 ORDER BY 1`.execute(db)
  return rows.map(({ start, count }) => ({ start, count: Number(count) }))
}

export async function countNewContacts(
  db: Db,
  environmentId: Id<'env'>,
  { since, until }: Range,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM contacts
     WHERE environment_id = ${environmentId} AND created_at >= ${since} AND created_at < ${until}`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

export interface Outcomes {
  /** Conversations in which a customer asked something. */
  asked: number
  /** Of these, those that no person was asked for or wrote in. */
  withoutPerson: number
  /** Of these, those in which someone answered. */
  answered: number
  medianFirstResponseMs: number | null
}

/** Of the latest conversations that began in the range, `limit` at most. */
export async function readOutcomes(
  db: Db,
  environmentId: Id<'env'>,
  { since, until }: Range,
  limit: number,
): Promise<Outcomes> {
  const { rows } = await sql<{
    asked: number
    without_person: number
    answered: number
    median_ms: number | null
  }>`
    WITH begun AS MATERIALIZED (
      SELECT id, handled_by FROM conversations
       WHERE environment_id = ${environmentId} AND created_at >= ${since} AND created_at < ${until}
       ORDER BY created_at DESC LIMIT ${limit}),
    outcome AS (
      SELECT question.created_at AS asked_at, answer.created_at AS answered_at,
             begun.handled_by = 'human' OR wrote.is_person OR EXISTS (
               SELECT FROM turns WHERE turns.conversation_id = begun.id AND turns.status = 'handed_off') AS needed_person
        FROM begun
       CROSS JOIN LATERAL (
         SELECT id, created_at FROM messages
          WHERE conversation_id = begun.id AND sender = 'customer' ORDER BY id LIMIT 1) AS question
        LEFT JOIN LATERAL (
         SELECT created_at FROM messages
          WHERE conversation_id = begun.id AND id > question.id AND sender <> 'customer' AND visibility = 'public'
          ORDER BY id LIMIT 1) AS answer ON true
       CROSS JOIN LATERAL (
         SELECT EXISTS (
           SELECT FROM messages
            WHERE conversation_id = begun.id AND sender = 'human' AND visibility = 'public') AS is_person) AS wrote)
    SELECT count(*) AS asked, count(*) FILTER (WHERE NOT needed_person) AS without_person,
           count(answered_at) AS answered,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - asked_at) * 1000)
             FILTER (WHERE answered_at IS NOT NULL) AS median_ms
      FROM outcome`.execute(db)
  const row = rows[0]
  return {
    asked: Number(row?.asked ?? 0),
    withoutPerson: Number(row?.without_person ?? 0),
    answered: Number(row?.answered ?? 0),
    medianFirstResponseMs: row?.median_ms == null ? null : Math.round(Number(row.median_ms)),
  }
}

/** Customers' messages by quarters of an hour, in the `limit` conversations of the range that changed last. */
export async function countCustomerMessages(
  db: Db,
  environmentId: Id<'env'>,
  { since, until }: Range,
  limit: number,
): Promise<QuarterCount[]> {
  const { rows } = await sql<{ start: Date; count: number }>`
    WITH active AS MATERIALIZED (
      SELECT id FROM conversations
       WHERE environment_id = ${environmentId} AND updated_at >= ${since} AND created_at < ${until}
       ORDER BY updated_at DESC, id DESC LIMIT ${limit})
    SELECT date_bin('15 minutes', messages.created_at, 'epoch') AS start, count(*) AS count
      FROM active JOIN messages ON messages.conversation_id = active.id
     WHERE messages.sender = 'customer' AND messages.created_at >= ${since} AND messages.created_at < ${until}
     GROUP BY 1 ORDER BY 1`.execute(db)
  return rows.map(({ start, count }) => ({ start, count: Number(count) }))
}
