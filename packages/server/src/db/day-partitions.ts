/** Tables that are partitioned by UTC day: days are made before rows come, and dropped whole when they are old. */
import { sql } from 'kysely'
import type { Db, Tx } from './client.ts'

const DAY_MS = 86_400_000
/** Days that are made ahead, beside today. */
const AHEAD = 2

export type DayTable = 'deliveries' | 'delivery_attempts'

/** `YYYY-MM-DD`, in UTC. */
function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** Makes the days of these instants. Others may be making them at the same time. */
export async function makeDays(db: Db | Tx, table: DayTable, instantsMs: readonly number[]): Promise<void> {
  for (const day of new Set(instantsMs.map(dayOf))) {
    const next = dayOf(Date.parse(day) + DAY_MS)
    const name = `${table}_${day.replaceAll('-', '')}`
    await sql`SELECT pg_advisory_xact_lock(4545, hashtext(${table}))`.execute(db)
    await sql`CREATE TABLE IF NOT EXISTS ${sql.table(name)} PARTITION OF ${sql.table(table)}
              FOR VALUES FROM (${sql.lit(`${day} 00:00:00+00`)}) TO (${sql.lit(`${next} 00:00:00+00`)})`.execute(
      db,
    )
  }
}

/** Makes today and the days to come, and drops those that ended more than `keepDays` days ago: one statement each. */
export async function turnDays(tx: Tx, table: DayTable, nowMs: number, keepDays: number): Promise<void> {
  const ahead = Array.from({ length: AHEAD + 1 }, (_, days) => nowMs + days * DAY_MS)
  await makeDays(tx, table, ahead)
  const { rows } = await sql<{ name: string; day: string }>`
    SELECT relname AS name, right(relname, 8) AS day FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = ${table}::regclass ORDER BY relname`.execute(tx)
  const oldest = dayOf(nowMs - keepDays * DAY_MS).replaceAll('-', '')
  for (const { name, day } of rows) if (day < oldest) await sql`DROP TABLE ${sql.table(name)}`.execute(tx)
}
