/** Tables that are partitioned by UTC day: days are made before rows come, and dropped whole when they are old. */
import { sql } from 'kysely'
import type { Db, Tx } from './client.ts'

export type DayTable = 'request_logs' | 'deliveries' | 'delivery_attempts'

/** `YYYY-MM-DD`, in UTC. */
export type Day = string

export interface DaySize {
  day: Day
  partition: string
  /** With indexes and what is stored aside. */
  bytes: number
}

const DAY_MS = 86_400_000
/** Days that are made ahead, beside today. */
const AHEAD = 2

export function dayOf(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10)
}

/** If there is none. Others may be making it at the same time. */
export async function makeDay(db: Db | Tx, table: DayTable, day: Day): Promise<void> {
  await sql`SELECT make_day(${table}, ${day}::date)`.execute(db)
}

/** Today, and the days to come. */
export async function makeDaysAhead(db: Db | Tx, table: DayTable, nowMs: number): Promise<void> {
  for (let days = 0; days <= AHEAD; days++) await makeDay(db, table, dayOf(nowMs + days * DAY_MS))
}

/** The days that there are, oldest first. */
export async function listDays(db: Db | Tx, table: DayTable): Promise<DaySize[]> {
  const { rows } = await sql<DaySize>`
    SELECT to_char(to_date(right(relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') AS day, relname AS partition,
           coalesce(pg_total_relation_size(c.oid), 0)::bigint AS bytes
      FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
     WHERE inhparent = ${table}::regclass
     ORDER BY relname`.execute(db)
  return rows
}

/** One statement, whatever is in it. */
export async function dropDay(tx: Tx, { partition }: Pick<DaySize, 'partition'>): Promise<void> {
  await sql`DROP TABLE ${sql.table(partition)}`.execute(tx)
}

/** The first day that is still kept: what was written at its very begin is `keepDays` days old when today ends. */
export function firstKept(nowMs: number, keepDays: number): Day {
  return dayOf(nowMs - keepDays * DAY_MS)
}

/** One node at a time, until the transaction ends; none of its statements waits long for a lock. */
export async function lockDays(tx: Tx, table: DayTable): Promise<void> {
  await sql`SET LOCAL lock_timeout = '2s'`.execute(tx)
  await sql`SELECT pg_advisory_xact_lock(4546, hashtext(${table}))`.execute(tx)
}

/** Makes the days to come, and drops those that are no longer kept. */
export async function turnDays(tx: Tx, table: DayTable, nowMs: number, keepDays: number): Promise<void> {
  await lockDays(tx, table)
  await makeDaysAhead(tx, table, nowMs)
  const oldest = firstKept(nowMs, keepDays)
  for (const one of await listDays(tx, table)) if (one.day < oldest) await dropDay(tx, one)
}
