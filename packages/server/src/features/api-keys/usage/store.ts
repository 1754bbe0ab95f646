/** SQL of who uses a key: counts are added to what is there, and read back. */
import { type Selectable, sql } from 'kysely'
import type { Db } from '../../../db/client.ts'
import type { ApiKeyClientsTable, ApiKeyUsageTable } from '../../../db/tables/api-keys.ts'
import { transact } from '../../../db/transact.ts'
import type { Id } from '../../../lib/ids.ts'
import { countColumns, readCounts } from '../../../usage-counts.ts'
import { type ClientCount, type HourCount, OTHERS, type UsageBatch } from './recorder.ts'
import type { Call } from './suggestions.ts'

export type ClientRow = Selectable<ApiKeyClientsTable>
export type UsageRow = Selectable<ApiKeyUsageTable>

/** Adds a batch, all of it or nothing. Rows are taken in order, so that nodes don't deadlock. */
export async function addUsage(db: Db, { clients, hours }: UsageBatch): Promise<void> {
  await transact(db, async (tx) => {
    await addHours(
      tx,
      hours.toSorted((a, b) => compare(a.keyId, b.keyId) || a.hourMs - b.hourMs),
    )
    await addClients(
      tx,
      clients.toSorted((a, b) => compare(nameOf(a), nameOf(b))),
    )
    await touchKeys(tx, clients)
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function nameOf(client: ClientCount): string {
  return [client.secretId, client.endpoint, client.address, client.userAgent].join('\n')
}

async function addHours(db: Db, hours: readonly HourCount[]): Promise<void> {
  await sql`
    INSERT INTO api_key_usage
    SELECT counted.* FROM unnest(
      ${hours.map((hour) => hour.environmentId)}::text[], ${hours.map((hour) => hour.keyId)}::text[],
      ${hours.map((hour) => new Date(hour.hourMs))}::timestamptz[],
      ${hours.map((hour) => hour.requests)}::bigint[], ${hours.map((hour) => hour.refused)}::bigint[],
      ${hours.map((hour) => hour.rateLimited)}::bigint[], ${hours.map((hour) => hour.clientErrors)}::bigint[],
      ${hours.map((hour) => hour.serverErrors)}::bigint[]) AS counted(environment_id, api_key_id)
      -- What was removed since it was counted is left out: it would keep all the rest from being written.
      JOIN api_keys ON api_keys.id = counted.api_key_id
    ON CONFLICT (api_key_id, hour) DO UPDATE SET
      requests = api_key_usage.requests + excluded.requests,
      refused = api_key_usage.refused + excluded.refused,
      rate_limited = api_key_usage.rate_limited + excluded.rate_limited,
      client_errors = api_key_usage.client_errors + excluded.client_errors,
      server_errors = api_key_usage.server_errors + excluded.server_errors`.execute(db)
}

async function addClients(db: Db, clients: readonly ClientCount[]): Promise<void> {
  if (clients.length === 0) return
  await sql`
    INSERT INTO api_key_clients (environment_id, api_key_id, secret_id, endpoint, address, user_agent,
                                 first_seen_at, last_used_at, requests, last_refused_at, refused)
    SELECT counted.* FROM unnest(
      ${clients.map((client) => client.environmentId)}::text[], ${clients.map((client) => client.keyId)}::text[],
      ${clients.map((client) => client.secretId)}::text[], ${clients.map((client) => client.endpoint)}::text[],
      ${clients.map((client) => client.address)}::text[], ${clients.map((client) => client.userAgent)}::text[],
      ${clients.map((client) => new Date(client.firstSeenMs))}::timestamptz[],
      ${clients.map((client) => toDate(client.lastUsedMs))}::timestamptz[],
      ${clients.map((client) => client.requests)}::bigint[],
      ${clients.map((client) => toDate(client.lastRefusedMs))}::timestamptz[],
      ${clients.map((client) => client.refused)}::bigint[])
      AS counted(environment_id, api_key_id, secret_id, endpoint, address, user_agent,
                 first_seen_at, last_used_at, requests, last_refused_at, refused)
      JOIN api_key_secrets ON api_key_secrets.id = counted.secret_id
    ON CONFLICT (secret_id, endpoint, address, user_agent) DO UPDATE SET
      last_used_at = greatest(api_key_clients.last_used_at, excluded.last_used_at),
      requests = api_key_clients.requests + excluded.requests,
      last_refused_at = greatest(api_key_clients.last_refused_at, excluded.last_refused_at),
      refused = api_key_clients.refused + excluded.refused`.execute(db)
}

/** Keeps the later of the stored and the counted instant as each key's last use. */
async function touchKeys(db: Db, clients: readonly ClientCount[]): Promise<void> {
  const uses = new Map<Id<'key'>, number>()
  for (const { keyId, lastUsedMs } of clients) {
    if (lastUsedMs !== null) uses.set(keyId, Math.max(lastUsedMs, uses.get(keyId) ?? 0))
  }
  if (uses.size === 0) return
  await sql`
    WITH used AS (SELECT * FROM unnest(
           ${[...uses.keys()]}::text[], ${[...uses.values()].map((ms) => new Date(ms))}::timestamptz[]) AS used(id, at)),
         locked AS (SELECT id FROM api_keys WHERE id IN (SELECT id FROM used) ORDER BY id FOR NO KEY UPDATE)
    UPDATE api_keys SET last_used_at = greatest(last_used_at, used.at)
      FROM used JOIN locked USING (id)
     WHERE api_keys.id = used.id`.execute(db)
}

function toDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}

/** Callers of a key since then, the latest first. */
export function listClients(
  db: Db,
  environmentId: Id<'env'>,
  keyId: Id<'key'>,
  since: Date,
  limit: number,
): Promise<ClientRow[]> {
  return db
    .selectFrom('api_key_clients')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('api_key_id', '=', keyId)
    .where('last_seen_at', '>=', since)
    .orderBy('last_seen_at', 'desc')
    .limit(limit)
    .execute()
}

/** What a key called since then, by endpoint, the most called first. */
export async function listCalls(
  db: Db,
  environmentId: Id<'env'>,
  keyId: Id<'key'>,
  since: Date,
): Promise<Call[]> {
  const { rows } = await sql<Call>`
    SELECT endpoint, sum(requests)::bigint AS requests, max(last_used_at) AS "lastUsedAt"
      FROM api_key_clients
     WHERE environment_id = ${environmentId} AND api_key_id = ${keyId} AND last_used_at >= ${since}
     GROUP BY endpoint
     ORDER BY requests DESC, endpoint`.execute(db)
  return rows
}

/** Requests of a key by hour or day (UTC), oldest first. */
export async function listUsage(
  db: Db,
  environmentId: Id<'env'>,
  keyId: Id<'key'>,
  { since, until, interval }: { since: Date; until: Date; interval: 'hour' | 'day' },
): Promise<Omit<UsageRow, 'environment_id' | 'api_key_id'>[]> {
  return db
    .selectFrom('api_key_usage')
    .select((eb) => [
      sql<Date>`date_trunc(${sql.lit(interval)}, hour, 'UTC')`.as('hour'),
      ...countColumns.map((column) => eb.fn.sum<number>(column).as(column)),
    ])
    .where('environment_id', '=', environmentId)
    .where('api_key_id', '=', keyId)
    .where('hour', '>=', since)
    .where('hour', '<', until)
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .execute()
    .then((rows) => rows.map((row) => ({ hour: row.hour, ...readCounts(row) })))
}

/** Addresses that a key was used from since then, the latest first. */
export async function listAddresses(
  db: Db,
  environmentId: Id<'env'>,
  keyId: Id<'key'>,
  since: Date,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('api_key_clients')
    .select('address')
    .where('environment_id', '=', environmentId)
    .where('api_key_id', '=', keyId)
    .where('last_used_at', '>=', since)
    .groupBy('address')
    .orderBy((eb) => eb.fn.max('last_used_at'), 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.address)
}

/**
 * Deletes callers that were not seen since then. Of each secret all but the latest `keep` become one caller for each
 * endpoint: what was called isn't forgotten for the number of those who called. Every address keeps its latest use
 * before any keeps a second, so that who floods from one can't push out where the owner calls from.
 */
export async function pruneClients(db: Db, before: Date, keep: number): Promise<void> {
  await db.deleteFrom('api_key_clients').where('last_seen_at', '<', before).execute()
  await sql`
    WITH crowded AS (
           SELECT secret_id FROM api_key_clients WHERE address <> ${OTHERS}
            GROUP BY secret_id HAVING count(*) > ${sql.lit(keep)}),
         of_address AS (
           SELECT secret_id, endpoint, address, user_agent, last_seen_at,
                  row_number() OVER (PARTITION BY secret_id, address
                                     ORDER BY last_used_at DESC NULLS LAST, last_seen_at DESC) AS turn
             FROM api_key_clients JOIN crowded USING (secret_id) WHERE address <> ${OTHERS}),
         ranked AS (
           SELECT *, row_number() OVER (PARTITION BY secret_id ORDER BY turn, last_seen_at DESC) AS place
             FROM of_address),
         gone AS (
           DELETE FROM api_key_clients AS client USING ranked
            WHERE ranked.place > ${sql.lit(keep)}
              AND (client.secret_id, client.endpoint, client.address, client.user_agent)
                = (ranked.secret_id, ranked.endpoint, ranked.address, ranked.user_agent)
           RETURNING client.*)
    INSERT INTO api_key_clients (environment_id, api_key_id, secret_id, endpoint, address, user_agent,
                                 first_seen_at, last_used_at, requests, last_refused_at, refused)
    SELECT environment_id, api_key_id, secret_id, endpoint, ${OTHERS}, ${OTHERS},
           min(first_seen_at), max(last_used_at), sum(requests), max(last_refused_at), sum(refused)
      FROM gone GROUP BY environment_id, api_key_id, secret_id, endpoint ORDER BY secret_id, endpoint
    ON CONFLICT (secret_id, endpoint, address, user_agent) DO UPDATE SET
      first_seen_at = least(api_key_clients.first_seen_at, excluded.first_seen_at),
      last_used_at = greatest(api_key_clients.last_used_at, excluded.last_used_at),
      requests = api_key_clients.requests + excluded.requests,
      last_refused_at = greatest(api_key_clients.last_refused_at, excluded.last_refused_at),
      refused = api_key_clients.refused + excluded.refused`.execute(db)
}

export async function pruneUsage(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('api_key_usage').where('hour', '<', before).execute()
}
