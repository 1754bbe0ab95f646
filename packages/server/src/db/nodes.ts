/** Which servers share the database right now: each says so twice a second, on the connection that it listens on. */
import { sql } from 'kysely'
import type { Id } from '../lib/ids.ts'
import type { Db } from './client.ts'

/**
 * A server that was silent for longer counts as gone. By then it has stopped trusting what it remembers
 * (see PrincipalCache), so that whoever doesn't wait for it leaves nothing open.
 */
const SILENT_SECONDS = 4

/** The statement by which a server says that it lives, and hears how many others do: see `liveNodesIn`. */
export function heartbeat(id: Id<'node'>): { text: string; values: unknown[] } {
  return {
    text: `
      WITH beat AS (
        INSERT INTO nodes (id, started_at, heartbeat_at) VALUES ($1, clock_timestamp(), clock_timestamp())
        ON CONFLICT (id) DO UPDATE SET heartbeat_at = clock_timestamp())
      SELECT count(*)::int AS others FROM nodes
       WHERE id <> $1 AND heartbeat_at > clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})`,
    values: [id],
  }
}

/** How many servers live, this one too, by the answer to its heartbeat. */
export function liveNodesIn(rows: readonly unknown[]): number {
  // One row, as the statement says.
  const [row] = rows as { others: number }[]
  return 1 + (row?.others ?? 0)
}

export async function listLiveNodes(db: Db): Promise<Id<'node'>[]> {
  const rows = await db
    .selectFrom('nodes')
    .select('id')
    .where(
      'heartbeat_at',
      '>',
      sql<Date>`clock_timestamp() - make_interval(secs => ${sql.lit(SILENT_SECONDS)})`,
    )
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Whether this server has said so lately that nobody takes it for gone for the next three seconds. */
export async function isHeard(db: Db, id: Id<'node'>): Promise<boolean> {
  const row = await db
    .selectFrom('nodes')
    .select(sql<boolean>`heartbeat_at > clock_timestamp() - interval '1 second'`.as('is_heard'))
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.is_heard === true
}

/** Takes this server off the list, and with it those that fell silent an hour ago without a word. */
export async function removeNode(db: Db, id: Id<'node'>): Promise<void> {
  await db
    .deleteFrom('nodes')
    .where((eb) =>
      eb.or([eb('id', '=', id), eb('heartbeat_at', '<', sql<Date>`clock_timestamp() - interval '1 hour'`)]),
    )
    .execute()
}
