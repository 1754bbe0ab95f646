/** The recorder on PostgreSQL: nothing noted is lost within the bound, whatever is refused or away, and nothing grows beyond it. */
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dayOf, makeDay } from '../../db/day-partitions.ts'
import type { NotedRequest } from '../../http/request-log.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { principal } from '../../testing/principal.ts'
import { MAX_QUEUED, MAX_QUEUED_BYTES, RequestLogRecorder } from './recorder.ts'
import { Redactor } from './redaction.ts'
import type { LogRow } from './rows.ts'
import { writeRequestLogs } from './store.ts'

const DAY_MS = 86_400_000
/** What one environment may have in memory. */
const MAX_ALONE = Math.ceil((MAX_QUEUED * 2) / 3)
/** Long after any request that the server itself notes. */
const startMs = Date.parse('2040-01-01T00:00:00Z')

let server: TestApp
let pool: pg.Pool
let recorder: RequestLogRecorder
let errors: unknown[]
let dropped: { count: number; reason: unknown }[]
let writtenBytes: number

beforeAll(async () => {
  server = await createTestApp()
  pool = new pg.Pool({ connectionString: server.url, max: 4 })
})
afterAll(async () => {
  await pool.end()
  await server.close()
})
beforeEach(() => {
  errors = []
  dropped = []
  writtenBytes = 0
  recorder = recorderOf((rows) => writeRequestLogs(pool, server.db, rows))
})
afterEach(() => recorder.flush())

function recorderOf(write: (rows: readonly LogRow[]) => Promise<void>): RequestLogRecorder {
  return new RequestLogRecorder({
    redactor: new Redactor(),
    write,
    makeDay: (day) => makeDay(server.db, 'request_logs', day),
    onWritten: (bytes) => {
      writtenBytes += bytes
    },
    onError: (error) => errors.push(error),
    onDropped: (count, reason) => dropped.push({ count, reason }),
  })
}

function noted(changes: Partial<NotedRequest> = {}): NotedRequest {
  return {
    id: newId('req'),
    heldBytes: 1_024,
    countedAtMs: startMs,
    principal,
    visit: { address: '203.0.113.1', userAgent: 'test', endpoint: 'GET /v1/me' },
    method: 'GET',
    url: '/v1/me',
    status: 200,
    code: undefined,
    durationMs: 1,
    idempotencyKey: undefined,
    isReplay: false,
    requestType: undefined,
    requestBody: undefined,
    requestBodyBytes: undefined,
    responseHeaders: { 'content-type': 'application/json; charset=utf-8' },
    responseBody: '{}',
    responseBodyBytes: undefined,
    ...changes,
  }
}
const add = (count: number, changes: Partial<NotedRequest> = {}): string[] =>
  Array.from({ length: count }, () => {
    const one = noted(changes)
    recorder.add(one)
    return one.id
  })
const stored = async (ids: string[]) =>
  (
    await server.db
      .selectFrom('request_logs')
      .selectAll()
      .where('id', 'in', ids as `req_${string}`[])
      .execute()
  ).length // made by newId

test('what was noted before a flush is written when it resolves, in slices', async () => {
  const ids = add(2_345)
  expect(recorder.counts).toEqual({ queued: 2_345, written: 0, dropped: 0 })
  await recorder.flush()
  expect(await stored(ids)).toBe(2_345)
  expect(recorder.counts).toEqual({ queued: 0, written: 2_345, dropped: 0 })
  expect(writtenBytes).toBeGreaterThan(2_345 * 300)
})

test('what was noted is written by itself, without a flush', async () => {
  const ids = add(3)
  await expect.poll(() => stored(ids)).toBe(3)
})

test('requests on both sides of midnight are written to days that nobody made', async () => {
  const ids = [-1, 0, 1, 2].flatMap((day) =>
    [0, DAY_MS - 1].flatMap((ms) => add(1, { countedAtMs: startMs + 50 * DAY_MS + day * DAY_MS + ms })),
  )
  await recorder.flush()
  expect(await stored(ids)).toBe(8)
  const { rows } = await sql<{ table: string; count: number }>`
    SELECT tableoid::regclass::text AS "table", count(*) FROM request_logs
     WHERE created_at >= ${new Date(startMs + 49 * DAY_MS)} GROUP BY 1 ORDER BY 1`.execute(server.db)
  const days = ['20400219', '20400220', '20400221', '20400222']
  expect(rows).toEqual(days.map((day) => ({ table: `request_logs_${day}`, count: 2 })))
})

test('two recorders that need the same day at once both get it', async () => {
  const day = startMs + 80 * DAY_MS
  const made = await Promise.all(
    Array.from({ length: 8 }, () => makeDay(server.db, 'request_logs', dayOf(day))),
  )
  expect(made).toHaveLength(8)
  const ids = add(1, { countedAtMs: day })
  await recorder.flush()
  expect(await stored(ids)).toBe(1)
})

test('rows that the database refuses, or that can’t be made, keep none of the others from being written', async () => {
  const ids: string[] = []
  const poisons: Partial<NotedRequest>[] = [
    { method: 'GE\0T' },
    { status: 100_000 },
    { countedAtMs: Number.NaN },
  ]
  for (const poison of poisons) {
    ids.push(...add(137))
    add(1, poison)
  }
  ids.push(...add(137))
  await recorder.flush()
  expect(await stored(ids)).toBe(4 * 137)
  expect(recorder.counts).toEqual({ queued: 0, written: 4 * 137, dropped: poisons.length })
  expect(dropped.map(({ count }) => count)).toEqual([1, 1, 1])
  expect(errors).toEqual([])
})

describe('while the database takes nothing', () => {
  const away = () => sql`ALTER TABLE request_logs RENAME TO request_logs_away`.execute(server.db)
  const back = () => sql`ALTER TABLE request_logs_away RENAME TO request_logs`.execute(server.db)

  test('requests wait, and are written once it is back, each once and in order', async () => {
    await away()
    const ids = add(1_500)
    await recorder.flush()
    ids.push(...add(100))
    await recorder.flush()
    expect(errors.length).toBeGreaterThanOrEqual(2)
    expect(recorder.counts).toEqual({ queued: 1_600, written: 0, dropped: 0 })
    await back()
    await recorder.flush()
    expect(await stored(ids)).toBe(1_600)
    expect(recorder.counts).toEqual({ queued: 0, written: 1_600, dropped: 0 })
  })

  test('requests beyond the bound are dropped, counted and told of; the oldest stay', async () => {
    await away()
    const ids = add(MAX_ALONE)
    await recorder.flush()
    const beyond = add(7)
    expect(recorder.counts).toEqual({ queued: MAX_ALONE, written: 0, dropped: 7 })
    await back()
    await recorder.flush()
    expect(recorder.counts).toEqual({ queued: 0, written: MAX_ALONE, dropped: 7 })
    expect(dropped).toMatchObject([{ count: 7 }])
    expect(await stored([...ids.slice(0, 100), ...ids.slice(-100)])).toBe(200)
    expect(await stored(beyond)).toBe(0)
  })

  test('requests that keep too much memory are dropped, too', async () => {
    const heldBytes = MAX_QUEUED_BYTES / 6
    add(5, { heldBytes })
    expect(recorder.counts).toMatchObject({ queued: 4, dropped: 1 })
    await recorder.flush()
    add(4, { heldBytes })
    expect(recorder.counts).toMatchObject({ queued: 4, dropped: 1 })
  })
})

test.each([
  ['many', { heldBytes: 1 }],
  ['large', { heldBytes: MAX_QUEUED_BYTES / 10_000 }],
])('those whose requests are %s leave room for those of others, and get theirs back', async (_name, size) => {
  let isAway = true
  const written: string[] = []
  recorder = recorderOf(async (rows) => {
    if (isAway) throw Object.assign(new Error('the database system is shutting down'), { code: '57P03' })
    written.push(...rows.map((row) => row.id))
  })
  const of = (environmentId: Id<'env'>) => ({ ...size, principal: { ...principal, environmentId } })
  add(MAX_QUEUED, of('env_a'))
  await recorder.flush()
  add(MAX_QUEUED, of('env_b'))
  const { dropped: flooded } = recorder.counts
  const others = add(500, of('env_c'))
  expect(recorder.counts.dropped).toBe(flooded)
  isAway = false
  await recorder.flush()
  expect(written).toEqual(expect.arrayContaining(others))
  add(1_000, of('env_a'))
  expect(recorder.counts).toMatchObject({ queued: 1_000, dropped: flooded })
})

test('a key that is refused all the time fills nothing, and what else it does is logged whole', () => {
  add(5_000, { status: 403 })
  const { queued } = recorder.counts
  expect(queued).toBeLessThan(300)
  add(1_000, { status: 200 })
  add(20, { status: 429, principal: { ...principal, keyId: 'key_2' } })
  expect(recorder.counts.queued).toBe(queued + 1_020)
})

test('a batch whose answer was lost is written again without a row twice, or one missing', async () => {
  const ids = Array.from({ length: 10 }, () => noted())
  let isLost = true
  const forgetful = recorderOf(async (rows) => {
    await writeRequestLogs(pool, server.db, rows)
    if (isLost) throw Object.assign(new Error('Connection terminated unexpectedly'), { code: '08006' })
  })
  for (const one of ids) forgetful.add(one)
  await forgetful.flush()
  expect(forgetful.counts.queued).toBe(10)
  isLost = false
  await forgetful.flush()
  expect(forgetful.counts).toEqual({ queued: 0, written: 10, dropped: 0 })
  expect(await stored(ids.map(({ id }) => id))).toBe(10)
})

test('without room for bodies their sizes are kept alone', async () => {
  recorder.keepsBodies = false
  const [id] = add(1, { responseBody: '{"a":1}', requestBody: Buffer.from('{"b":22}'), requestBodyBytes: 8 })
  await recorder.flush()
  const row = await server.db
    .selectFrom('request_logs')
    .selectAll()
    .where('id', '=', id as `req_${string}`)
    .executeTakeFirstOrThrow() // made by newId
  expect(row).toMatchObject({
    request_body: null,
    request_body_bytes: 8,
    response_body: null,
    response_body_bytes: 7,
  })
})

test('many rows are made and written in small slices, between which requests have their turn', async () => {
  let turns = 0
  let isDone = false
  const turn = (): void => {
    turns += 1
    if (!isDone) setImmediate(turn)
  }
  const slices: { rows: number; turns: number }[] = []
  const watched = recorderOf(async (rows) => {
    slices.push({ rows: rows.length, turns })
    await writeRequestLogs(pool, server.db, rows)
  })
  for (let count = 0; count < 5_000; count++) {
    watched.add(noted({ responseBody: JSON.stringify({ text: 'x'.repeat(2_000) }) }))
  }
  setImmediate(turn)
  await watched.flush()
  isDone = true
  expect(watched.counts.written).toBe(5_000)
  expect(Math.max(...slices.map(({ rows }) => rows))).toBeLessThanOrEqual(500)
  for (const [index, slice] of slices.entries()) {
    if (index > 0) expect(slice.turns).toBeGreaterThan(slices[index - 1]?.turns ?? 0)
  }
})
