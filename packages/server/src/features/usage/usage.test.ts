/** `GET /v1/usage`: the same requests as the request logs hold, by key, hour and day, and by how they ended. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let server: TestApp
const clock = new TestClock()
/** Reads, and is no part of what is counted. */
let reader: string

beforeAll(async () => {
  server = await createTestApp({ clock })
  reader = await server.createKey()
})
afterAll(() => server.close())

type Counts = Record<string, number>
interface Logged {
  created_at: string
  api_key_id: string
  status: number
}

async function createKey(body: Record<string, unknown> = {}) {
  const made = await server.request('POST /v1/api_keys', { key: reader, body: { name: 'x', ...body } })
  expect(made.status).toBe(201)
  return made.body.data as { id: string; secret: string }
}
const usage = async (query: string, key = reader) => {
  const answer = await server.request(`GET /v1/usage?${query}`, { key })
  expect(answer.status).toBe(200)
  return answer.body.data
}
/** Every request of a key that is logged. */
async function logsOf(id: string, since: string): Promise<Logged[]> {
  const found: Logged[] = []
  let cursor = ''
  do {
    const query = `api_key_id=${id}&since=${since}&limit=100${cursor}`
    const { body } = await server.request(`GET /v1/request_logs?${query}`, { key: reader })
    found.push(...body.data)
    cursor = body.pagination.has_more ? `&cursor=${body.pagination.next_cursor}` : ''
  } while (cursor !== '')
  return found
}
function count(logs: readonly Logged[]): Counts {
  const of = (test: (status: number) => boolean) => logs.filter(({ status }) => test(status)).length
  return {
    requests: logs.length,
    succeeded: of((status) => status < 400),
    refused: of((status) => status === 401 || status === 403),
    rate_limited: of((status) => status === 429),
    client_errors: of((status) => status >= 400 && status < 500 && ![401, 403, 429].includes(status)),
    server_errors: of((status) => status >= 500),
  }
}
const byStart = (logs: readonly Logged[], spanMs: number) => {
  const groups = Object.groupBy(logs, ({ created_at: at }) =>
    new Date(Math.floor(Date.parse(at) / spanMs) * spanMs).toISOString(),
  )
  return Object.entries(groups)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([start, group = []]) => ({ start, ...count(group) }))
}

const call = fc.constantFrom<[string, Record<string, unknown>?]>(
  ['GET /v1/me'],
  ['HEAD /v1/contacts'],
  ['POST /v1/contacts', { body: { name: 'Ada' } }],
  ['POST /v1/contacts', { body: '{nonsense' }],
  ['POST /v1/contacts', { body: 'x', headers: { 'content-type': 'text/plain' } }],
  ['GET /v1/contacts?limit=0'],
  ['GET /v1/contacts/cust_01h455vb4pex5vsknk084sn02q'],
  ['GET /v1/conversations'],
  ['GET /v1/me', { headers: { origin: 'https://shop.example' } }],
  ['GET /v1/nothing'],
  ['DELETE /v1/contacts'],
)
const step = fc.record({
  call,
  key: fc.nat(2),
  advanceMs: fc.constantFrom(0, 1, HOUR_MS, DAY_MS - 1, DAY_MS),
})

test('usage by key, hour and day is what the logs say after any mix of requests', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      clock.advance(DAY_MS)
      const since = new Date(Math.ceil(clock.nowMs() / DAY_MS) * DAY_MS)
      const keys = [
        await createKey({ permissions: ['contacts:write'] }),
        await createKey({ permissions: ['contacts:read'] }),
        await createKey({ permissions: ['contacts:write'], rate_limit_per_minute: 2 }),
      ]
      clock.advance(since.getTime() - clock.nowMs())
      for (const {
        call: [route, extra],
        key,
        advanceMs,
      } of steps) {
        await server.request(route, { key: keys[key]?.secret ?? '', ...extra })
        clock.advance(advanceMs)
      }
      clock.advance(1)
      for (const { id } of keys) {
        const logs = await logsOf(id, since.toISOString())
        for (const [interval, spanMs] of [
          ['hour', HOUR_MS],
          ['day', DAY_MS],
        ] as const) {
          // At most 31 days of hours can be asked for at once.
          const from =
            interval === 'hour' ? new Date(Math.max(since.getTime(), clock.nowMs() - 30 * DAY_MS)) : since
          const begin = new Date(Math.floor(from.getTime() / HOUR_MS) * HOUR_MS).toISOString()
          const asked = logs.filter(({ created_at: at }) => at >= begin)
          const found = await usage(`api_key_id=${id}&interval=${interval}&since=${begin}`)
          expect(found.buckets).toEqual(byStart(asked, spanMs))
          expect(found.totals).toEqual(count(asked))
          expect(found.keys).toEqual(
            asked.length === 0 ? [] : [{ api_key_id: id, name: 'x', ...count(asked) }],
          )
        }
        const own = await server.request(
          `GET /v1/api_keys/${id}/usage?interval=day&since=${since.toISOString()}`,
          { key: reader },
        )
        expect(own.body.data.buckets).toEqual(byStart(logs, DAY_MS))
      }
    }),
    { numRuns: 15 },
  )
})

test('all keys of the environment are added up, the busiest first, and no key of another one', async () => {
  clock.advance(60 * DAY_MS)
  const [idle, busy] = [await createKey({ name: 'idle' }), await createKey({ name: 'busy' })]
  const live = await server.createKey('live')
  for (const secret of [busy.secret, busy.secret, busy.secret, busy.secret, live])
    await server.request('GET /v1/me', { key: secret })
  await server.request('GET /v1/me', { key: idle.secret })
  // Not on the stroke of an hour: what is asked at the very end of a range is not in it.
  clock.advance(HOUR_MS - (clock.nowMs() % HOUR_MS) + 1)
  const found = await usage('')
  expect(found).toMatchObject({ interval: 'day', has_more_keys: false })
  // The reader made two keys, and asks now.
  expect(
    found.keys.map(({ name, requests }: { name: string; requests: number }) => [name, requests]),
  ).toEqual([
    ['busy', 4],
    ['test', 3],
    ['idle', 1],
  ])
  expect(found.totals).toMatchObject({ requests: 8, succeeded: 8 })
  expect((await usage('', live)).totals.requests).toBe(2)
  expect((await usage(`api_key_id=${busy.id}`, live)).keys).toEqual([])
})

test.each([
  ['interval=minute', 'interval'],
  ['since=yesterday', 'since'],
  ['since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 'since'],
  ['interval=hour&since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00.001Z', 'since'],
  ['since=2024-01-01T00:00:00Z&until=2026-01-01T00:00:00Z', 'since'],
  ['limit=5', 'limit'],
])('?%s is refused naming %s', async (query, param) => {
  const { status, body } = await server.request(`GET /v1/usage?${query}`, { key: reader })
  expect([status, body.param]).toEqual([400, param])
})
