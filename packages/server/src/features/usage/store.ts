/** SQL that reads the counts of all keys of an environment. */
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import type { Id } from '../../lib/ids.ts'
import { readCounts, type UsageCounts, type UsageRange } from '../../usage-counts.ts'

export type BucketRow = UsageCounts & { start: Date }
export type KeyRow = UsageCounts & { id: Id<'key'>; name: string }

export interface EnvironmentUsage {
  /** Only hours or days (UTC) with requests, oldest first. */
  buckets: BucketRow[]
  /** The most requests first. */
  keys: KeyRow[]
}

/** One statement, so that buckets and keys count the same requests. */
export async function readUsage(
  db: Db,
  environmentId: Id<'env'>,
  keyId: string | undefined,
  { since, until }: UsageRange,
  interval: 'hour' | 'day',
): Promise<EnvironmentUsage> {
  const { rows } = await sql<UsageCounts & { start: Date | null; id: Id<'key'> | null; name: string | null }>`
    WITH counted AS (
      SELECT date_trunc(${sql.lit(interval)}, hour, 'UTC') AS start, api_key_id AS id,
             sum(requests) AS requests, sum(refused) AS refused, sum(rate_limited) AS rate_limited,
             sum(client_errors) AS client_errors, sum(server_errors) AS server_errors
        FROM api_key_usage
       WHERE environment_id = ${environmentId} AND hour >= ${since} AND hour < ${until}
         ${keyId === undefined ? sql`` : sql`AND api_key_id = ${keyId}`}
       GROUP BY GROUPING SETS ((1), (2)))
    SELECT counted.*, api_keys.name FROM counted LEFT JOIN api_keys ON api_keys.id = counted.id
     ORDER BY counted.start, counted.requests DESC, counted.id`.execute(db)
  const buckets: BucketRow[] = []
  const keys: KeyRow[] = []
  for (const { start, id, name, ...counts } of rows) {
    if (start !== null) buckets.push({ start, ...readCounts(counts) })
    // Counts go with their key.
    else if (id !== null) keys.push({ id, name: name ?? '', ...readCounts(counts) })
  }
  return { buckets, keys }
}
