/** SQL of request logs: written in slices, listed, and found by their day. */
import { finished } from 'node:stream/promises'
import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
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
  member_id: 'text',
  member_name: 'text',
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
  path?: string | undefined
  apiKeyId?: string | undefined
  since?: Date | undefined
  until?: Date | undefined
  idempotencyKey?: string | undefined
  address?: string | undefined
}

const UNIQUE_VIOLATION = '23505'

/**
 * All of them or none; those that are there already, which a lost answer leaves open, stay. By COPY: it costs this
 * process a third of what parameters do.
 */
export async function writeRequestLogs(pool: pg.Pool, db: Db, rows: readonly LogRow[]): Promise<void> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await copyRows(client, rows)
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    if ((failure as { code?: unknown }).code !== UNIQUE_VIOLATION) throw failure
  } finally {
    // A connection that fails for another reason than what a row holds may be in the middle of the copy.
    client.release(failure !== undefined && !('code' in failure))
  }
  if (failure !== undefined) await insertRequestLogs(db, rows)
}

async function copyRows(client: pg.PoolClient, rows: readonly LogRow[]): Promise<void> {
  const copy = client.query(from(`COPY request_logs (${columnNames.join(', ')}) FROM STDIN`))
  copy.end(rows.map(copyLine).join(''))
  await finished(copy)
}

/** The text format of COPY: values between tabs, a row on each line. */
function copyLine(row: LogRow): string {
  let line = ''
  for (const name of columnNames) {
    if (line !== '') line += '\t'
    line += copyValue(row[name])
  }
  return `${line}\n`
}

const SPECIAL = /[\\\t\n\r]/
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function copyValue(value: string | number | boolean | null): string {
  if (value === null) return '\\N'
  if (typeof value !== 'string') return String(value)
  return SPECIAL.test(value) ? value.replaceAll(/[\\\t\n\r]/g, (one) => escapes[one] ?? one) : value
}

/** The same with parameters: an array for each column. */
async function insertRequestLogs(db: Db, rows: readonly LogRow[]): Promise<void> {
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
  const { statuses, code, method, endpoint, path, apiKeyId, since, until, idempotencyKey, address } = filter
  if (statuses !== undefined)
    query = query.where('status', '>=', statuses[0]).where('status', '<=', statuses[1])
  // Said as the index of failures says it, which holds for a prepared statement, too.
  if (statuses !== undefined && statuses[0] >= 400) query = query.where(sql<boolean>`status >= 400`)
  if (code !== undefined) query = query.where('code', '=', code).where(sql<boolean>`status >= 400`)
  if (method !== undefined) query = query.where('method', '=', method)
  if (endpoint !== undefined) query = query.where('endpoint', '=', endpoint)
  // Without the query, which not everyone who may read logs may see.
  if (path !== undefined) query = query.where(sql<boolean>`strpos(split_part(path, '?', 1), ${path}) > 0`)
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
