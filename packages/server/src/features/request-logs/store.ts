/** SQL of request logs: written in slices, listed, and found by their day. */
import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Database, Db } from '../../db/client.ts'
import type { RequestLogsTable } from '../../db/tables/request-logs.ts'
import type { Id } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import type { LogRow } from './rows.ts'

export type RequestLogRow = Selectable<RequestLogsTable>

/** With the types that PostgreSQL has them in. */
const listed = {
  id: 'text',
  environment_id: 'text',
  created_at: 'timestamptz',
  method: 'text',
  endpoint: 'text',
  path: 'text',
  status: 'smallint',
  code: 'text',
  duration_ms: 'double precision',
  api_key_id: 'text',
  client_token_id: 'text',
  secret_last_four: 'text',
  address: 'text',
  user_agent: 'text',
  idempotency_key: 'text',
  is_replay: 'boolean',
  request_body_bytes: 'integer',
  response_body_bytes: 'integer',
} as const
const columns = {
  ...listed,
  headers: 'json',
  request_body: 'text',
  is_request_body_cut: 'boolean',
  response_body: 'text',
  is_response_body_cut: 'boolean',
} as const
// The tables' own keys: Object.keys() types them as plain strings.
const listedNames = Object.keys(listed) as (keyof typeof listed)[]
const columnNames = Object.keys(columns) as (keyof typeof columns)[]

/** What a list shows of each: no bodies, no headers. */
export type ListedRow = Pick<RequestLogRow, keyof typeof listed>

export interface RequestLogFilter {
  /** From the first up to and including the second. */
  statuses?: readonly [number, number] | undefined
  code?: string | undefined
  method?: string | undefined
  endpoint?: string | undefined
  apiKeyId?: string | undefined
  since?: Date | undefined
  until?: Date | undefined
  idempotencyKey?: string | undefined
  address?: string | undefined
}

/**
 * All of them or none; those that are there already, which a lost answer leaves open, stay. An array for each column: as
 * one JSON text they take PostgreSQL twice the time.
 */
export async function insertRequestLogs(db: Db, rows: readonly LogRow[]): Promise<void> {
  const arrays = columnNames.map((name) => sql`${rows.map((row) => row[name])}::${sql.raw(columns[name])}[]`)
  await sql`
    INSERT INTO request_logs (${sql.raw(columnNames.join(', '))})
    SELECT * FROM unnest(${sql.join(arrays)})
    ON CONFLICT DO NOTHING`.execute(db)
}

/** Newest first. */
export async function listRequestLogs(
  db: Db,
  environmentId: Id<'env'>,
  filter: RequestLogFilter,
  page: PageRequest,
): Promise<Page<ListedRow>> {
  const query = filtered(db.selectFrom('request_logs').select(listedNames), environmentId, filter)
  const rows = await after(query, page)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
  return toPage(rows, page.limit, (row) => [row.created_at.toISOString(), row.id])
}

type Query<T> = SelectQueryBuilder<Database, 'request_logs', T>

function filtered<T>(all: Query<T>, environmentId: Id<'env'>, filter: RequestLogFilter): Query<T> {
  let query = all.where('environment_id', '=', environmentId)
  const { statuses, code, method, endpoint, apiKeyId, since, until, idempotencyKey, address } = filter
  if (statuses !== undefined)
    query = query.where('status', '>=', statuses[0]).where('status', '<=', statuses[1])
  // Said as the index of failures says it, which holds for a prepared statement, too.
  if (statuses !== undefined && statuses[0] >= 400) query = query.where(sql<boolean>`status >= 400`)
  if (code !== undefined) query = query.where('code', '=', code).where(sql<boolean>`status >= 400`)
  if (method !== undefined) query = query.where('method', '=', method)
  if (endpoint !== undefined) query = query.where('endpoint', '=', endpoint)
  // Compared as text: what no key is called has no requests.
  if (apiKeyId !== undefined) query = query.where('api_key_id', '=', apiKeyId as Id<'key'>)
  if (since !== undefined) query = query.where('created_at', '>=', since)
  if (until !== undefined) query = query.where('created_at', '<', until)
  if (idempotencyKey !== undefined) query = query.where('idempotency_key', '=', idempotencyKey)
  if (address !== undefined) query = query.where('address', '=', address)
  return query
}

function after<T>(query: Query<T>, { after: position }: PageRequest): Query<T> {
  if (position === undefined) return query
  const [at, id] = position
  const instant = new Date(String(at))
  return (
    query
      // Says by itself which days are needed, which the comparison of both doesn't.
      .where('created_at', '<=', instant)
      .where(sql<boolean>`(created_at, id) < (${instant}, ${String(id)})`)
  )
}

/** The request of this id, if it was counted within the range: only the days in it are looked at. */
export function selectRequestLog(db: Db, environmentId: Id<'env'>, id: Id<'req'>, since: Date, until: Date) {
  return db
    .selectFrom('request_logs')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .where('created_at', '>=', since)
    .where('created_at', '<', until)
}
