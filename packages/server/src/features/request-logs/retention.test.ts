/** How long request logs stay: by age and by size, on PostgreSQL; the current day whatever it takes. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dayOf, listDays, makeDay } from '../../db/day-partitions.ts'
import { newId } from '../../lib/ids.ts'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { choose, RequestLogRetention } from './retention.ts'
import { writeRequestLogs } from './store.ts'

const DAY_MS = 86_400_000
const MIB = 1024 * 1024

describe('which days go', () => {
  const days = (...sizes: number[]) =>
    sizes.map((bytes, index) => {
      const day = dayOf(Date.parse('2026-11-20') + index * DAY_MS)
      return { day, partition: `request_logs_${day.replaceAll('-', '')}`, bytes }
    })
  const kept = (sizes: number[], today: string, limits: { keepDays: number; maxBytes: number }) =>
    choose(days(...sizes), today, limits).kept.map(({ day }) => day.slice(-2))

  test.each([
    ['young enough, small enough: none', [1, 1, 1], 3, 3, ['20', '21', '22']],
    ['older than is kept', [1, 1, 1], 1, 3, ['21', '22']],
    ['the oldest until there is room', [1, 2, 1], 30, 3, ['21', '22']],
    ['several', [5, 5, 1], 30, 3, ['22']],
    ['today stays, however large', [1, 1, 9], 30, 3, ['22']],
    ['tomorrow, too', [1, 1, 9, 1], 30, 3, ['22', '23']],
    ['all when none are to be kept', [1, 1, 1], 0, 3, []],
  ])('%s', (_name, sizes, keepDays, maxBytes, expected) => {
    expect(kept(sizes, '2026-11-22', { keepDays, maxBytes })).toEqual(expected)
  })

  test('a request stays for all of its days: to the end of the day on which it gets too old', () => {
    const [first] = days(1)
    const limits = { keepDays: 30, maxBytes: 100 }
    expect(choose(first === undefined ? [] : [first], '2026-12-20', limits).dropped).toEqual([])
    expect(choose(first === undefined ? [] : [first], '2026-12-21', limits).dropped).toEqual([first])
  })
})

describe('on PostgreSQL', () => {
  let server: TestApp
  let pool: pg.Pool
  const clock = new TestClock()
  const room: boolean[] = []
  const warnings: number[] = []
  const errors: unknown[] = []
  const retention = (limits: { keepDays?: number; maxBytes?: number } = {}) =>
    new RequestLogRetention({
      db: server.db,
      clock,
      keepDays: 30,
      maxBytes: 1024 * MIB,
      ...limits,
      onRoom: (hasRoom) => void room.push(hasRoom),
      onFull: (bytes) => void warnings.push(bytes),
      onError: (error) => void errors.push(error),
    })
  const today = (shift = 0) => dayOf(clock.nowMs() + shift * DAY_MS)
  const daysThatAre = async () => (await listDays(server.db, 'request_logs')).map(({ day }) => day)
  /** That much text that can't be compressed. */
  const fill = (day: string, mib: number) =>
    writeRequestLogs(
      pool,
      server.db,
      Array.from({ length: mib * 64 }, () => ({
        id: newId('req'),
        environment_id: 'env_x',
        created_at: `${day}T12:00:00Z`,
        method: 'GET',
        endpoint: 'GET /v1/me',
        path: '/v1/me',
        status: 200,
        code: null,
        duration_ms: 1,
        api_key_id: 'key_x',
        client_token_id: null,
        secret_last_four: null,
        member_id: null,
        member_name: null,
        address: '',
        user_agent: '',
        idempotency_key: null,
        is_replay: false,
        headers: '{}',
        request_body: null,
        request_body_bytes: null,
        is_request_body_cut: false,
        response_body: randomBytes(12 * 1024).toString('base64'),
        response_body_bytes: null,
        is_response_body_cut: false,
      })),
    )

  beforeAll(async () => {
    server = await createTestApp({ clock })
    pool = new pg.Pool({ connectionString: server.url, max: 2 })
  })
  afterAll(async () => {
    await pool.end()
    await server.close()
  })
  beforeEach(async () => {
    clock.advance(100 * DAY_MS)
    for (const { partition: table } of await listDays(server.db, 'request_logs'))
      await sql`DROP TABLE ${sql.table(table)}`.execute(server.db)
    room.length = 0
    warnings.length = 0
  })

  test('days are there before they begin, and older ones go', async () => {
    for (const shift of [-40, -31, -30, -1]) await makeDay(server.db, 'request_logs', today(shift))
    await retention().run()
    expect(await daysThatAre()).toEqual([today(-30), today(-1), today(), today(1), today(2)])
    expect(room).toEqual([true])
    clock.advance(DAY_MS)
    await retention().run()
    expect(await daysThatAre()).toEqual([today(-2), today(-1), today(), today(1), today(2)])
  })

  test('the oldest days go until the rest fits', async () => {
    for (const shift of [-3, -2, -1, 0]) {
      await makeDay(server.db, 'request_logs', today(shift))
      await fill(today(shift), 2)
    }
    await retention({ maxBytes: 6 * MIB }).run()
    expect(await daysThatAre()).toEqual([today(-1), today(), today(1), today(2)])
    expect(room).toEqual([true])
    expect(warnings).toEqual([])
  })

  test('a current day that is too large by itself stays, bodies are left out, and that is said once, until there is room', async () => {
    await makeDay(server.db, 'request_logs', today())
    await fill(today(), 3)
    const small = retention({ maxBytes: 2 * MIB })
    await small.run()
    await small.run()
    expect(await daysThatAre()).toContain(today())
    expect(room).toEqual([false, false])
    expect(warnings).toHaveLength(1)
    clock.advance(DAY_MS)
    await small.run()
    expect(await daysThatAre()).toEqual([today(), today(1), today(2)])
    expect(room).toEqual([false, false, true])
  })

  test('much traffic has the room looked at before the hour is over', async () => {
    await makeDay(server.db, 'request_logs', today(-1))
    await fill(today(-1), 3)
    const small = retention({ maxBytes: 2 * MIB })
    small.noteWritten(1_000)
    await small.drain()
    expect(room).toEqual([])
    small.noteWritten(MIB)
    await small.drain()
    expect(await daysThatAre()).toEqual([today(), today(1), today(2)])
  })

  test('several nodes at once are no trouble to each other, or to requests that are written and read', async () => {
    const key = await server.createKey()
    for (let shift = -60; shift < 0; shift++) await makeDay(server.db, 'request_logs', today(shift))
    const nodes = Array.from({ length: 4 }, () => retention({ keepDays: 5 }))
    const requests = Array.from(
      { length: 20 },
      async () => (await server.request('GET /v1/request_logs', { key })).status,
    )
    await Promise.all([...nodes.map((node) => node.run()), ...requests])
    expect(await Promise.all(requests)).toEqual(Array(20).fill(200))
    expect(await daysThatAre()).toEqual([-5, -4, -3, -2, -1, 0, 1, 2].map(today))
    await server.app.requestLogRecorder.flush()
    expect((await server.request('GET /v1/request_logs', { key })).body.data.length).toBe(20)
  })

  test('nothing is left when no logs are kept', async () => {
    for (const shift of [-1, 0]) await makeDay(server.db, 'request_logs', today(shift))
    await retention({ keepDays: 0 }).run()
    expect(await daysThatAre()).toEqual([])
    expect(errors).toEqual([])
  })
})
