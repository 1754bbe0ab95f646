/** What the server says of a key's use, over HTTP: every request is in it once, by outcome, by who made it and with which secret. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Id } from '../../../lib/ids.ts'
import { createTestApp, type TestApp, TestClock } from '../../../testing/app.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

let server: TestApp
const clock = new TestClock()
let key: string

beforeAll(async () => {
  server = await createTestApp({ clock })
  key = await server.createKey()
})
afterAll(() => server.close())
/** The next day begins. */
beforeEach(() => clock.advance(DAY_MS - (clock.nowMs() % DAY_MS)))

async function createKey(body: Record<string, unknown> = {}) {
  const made = await server.request('POST /v1/api_keys', { key, body: { name: 'x', ...body } })
  expect(made.status).toBe(201)
  return made.body.data as { id: string; secret: string }
}
const change = async (id: string, call: string, body?: unknown) => {
  const answer = await server.request(`POST /v1/api_keys/${id}/${call}`, { key, body })
  expect(answer.status).toBe(200)
  return answer.body.data
}
const usageOf = async (id: string, query = '') => {
  const answer = await server.request(`GET /v1/api_keys/${id}/usage${query}`, { key })
  expect(answer.status).toBe(200)
  return answer.body.data
}
const suggestionOf = async (id: string) =>
  (await server.request(`GET /v1/api_keys/${id}/suggested_permissions`, { key })).body.data
const at = (ms: number) => new Date(ms).toISOString()
const zero = { requests: 0, succeeded: 0, refused: 0, rate_limited: 0, client_errors: 0, server_errors: 0 }

describe('counts', () => {
  test('every request is counted once, by how it ended', async () => {
    const { id, secret } = await createKey({ permissions: ['contacts:write'] })
    const send = async (status: number, route: string, extra: Record<string, unknown> = {}) =>
      expect((await server.request(route, { key: secret, ...extra })).status).toBe(status)
    await send(200, 'GET /v1/me')
    await send(200, 'HEAD /v1/contacts')
    await send(201, 'POST /v1/contacts', { body: { name: 'Ada' } })
    await send(400, 'POST /v1/contacts', { body: '{nonsense' })
    await send(400, 'GET /v1/contacts?limit=0')
    await send(404, 'GET /v1/contacts/cust_01h455vb4pex5vsknk084sn02q')
    await send(415, 'POST /v1/contacts', { body: 'x', headers: { 'content-type': 'text/plain' } })
    await send(413, 'POST /v1/contacts', { body: ' '.repeat(1024 * 1024 + 1) })
    await send(403, 'GET /v1/conversations')
    await send(403, 'GET /v1/me', { headers: { origin: 'https://shop.example' } })
    // The server's own failure: the table isn't there for a moment.
    await sql`ALTER TABLE contacts RENAME TO contacts_elsewhere`.execute(server.db)
    await send(500, 'GET /v1/contacts')
    await sql`ALTER TABLE contacts_elsewhere RENAME TO contacts`.execute(server.db)
    // Of nobody: these paths ask for no key.
    await send(404, 'GET /v1/nothing')
    await send(405, 'DELETE /v1/contacts')
    await change(id, 'revoke')
    await send(401, 'GET /v1/me')
    const startMs = clock.nowMs()
    clock.advance(1)
    expect((await usageOf(id)).buckets).toEqual([
      {
        start: at(startMs),
        requests: 12,
        succeeded: 3,
        refused: 3,
        rate_limited: 0,
        client_errors: 5,
        server_errors: 1,
      },
    ])
  })

  test('a request that ends in another hour than it began in counts in the one, whole', async () => {
    const { id, secret } = await createKey()
    const victim = await createKey()
    await change(victim.id, 'revoke')
    const startMs = clock.nowMs()
    const lock = await holdRow(victim.id)
    const pending = server.request(`PATCH /v1/api_keys/${victim.id}`, { key: secret, body: { name: 'y' } })
    await lock.isWaitedFor()
    clock.advance(HOUR_MS)
    await lock.release()
    clock.advance(1)
    expect((await pending).status).toBe(409)
    expect((await usageOf(id)).buckets).toEqual([
      { ...zero, start: at(startMs), requests: 1, client_errors: 1 },
    ])
  })

  test('hours and UTC days hold what was sent in them, from the range that was asked for', async () => {
    const { id, secret } = await createKey()
    const startMs = clock.nowMs()
    // At 0:00, 0:59:59.999, 1:00, 23:59:59.999 and 24:00.
    for (const ms of [0, HOUR_MS - 1, HOUR_MS, DAY_MS - 1, DAY_MS]) {
      clock.advance(startMs + ms - clock.nowMs())
      await server.request('GET /v1/me', { key: secret })
    }
    clock.advance(HOUR_MS)
    const bucket = (ms: number, requests: number) => ({
      ...zero,
      start: at(startMs + ms),
      requests,
      succeeded: requests,
    })
    const hours = [bucket(HOUR_MS, 1), bucket(23 * HOUR_MS, 1), bucket(24 * HOUR_MS, 1)]
    expect(await usageOf(id)).toMatchObject({
      interval: 'hour',
      since: at(startMs + HOUR_MS),
      until: at(startMs + 25 * HOUR_MS),
      buckets: hours,
    })
    expect((await usageOf(id, `?since=${at(startMs)}`)).buckets).toEqual([bucket(0, 2), ...hours])
    expect((await usageOf(id, '?interval=day')).buckets).toEqual([bucket(0, 4), bucket(DAY_MS, 1)])
    const until = await usageOf(id, `?since=${at(startMs)}&until=${at(startMs + HOUR_MS)}`)
    expect(until.buckets).toEqual([bucket(0, 2)])
  })

  test.each([
    ['interval=minute', 'interval'],
    ['since=yesterday', 'since'],
    ['since=2026-01-01', 'since'],
    ['since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 'since'],
    ['since=2026-01-01T00:00:00Z&until=2026-01-01T00:00:00Z', 'since'],
    ['since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00.001Z', 'since'],
    ['interval=day&since=2024-01-01T00:00:00Z&until=2026-01-01T00:00:00Z', 'since'],
    ['since=0000-01-01T00:00:00Z', 'since'],
    ['limit=5', 'limit'],
  ])('?%s is refused naming %s', async (query, param) => {
    const { id } = await createKey()
    const refused = await server.request(`GET /v1/api_keys/${id}/usage?${query}`, { key })
    expect(refused.status).toBe(400)
    expect(refused.body.param).toBe(param)
  })
})

describe('clients', () => {
  test('are known by secret, address, user agent and endpoint, with what each was answered', async () => {
    const { id, secret: old } = await createKey({ permissions: ['contacts:read'] })
    const send = (secret: string, route: string, address: string, agent: string) =>
      server.request(route, { key: secret, address, headers: { 'user-agent': agent } })
    const startMs = clock.nowMs()
    await send(old, 'GET /v1/contacts?limit=1', '203.0.113.1', 'cron/1')
    clock.advance(1_000)
    await send(old, 'GET /v1/contacts?limit=2', '::ffff:203.0.113.1', 'cron/1')
    await send(old, 'GET /v1/contacts/cust_01h455vb4pex5vsknk084sn02q', '203.0.113.1', 'cron/1')
    await send(old, 'GET /v1/events', '203.0.113.1', 'cron/1')
    await send(old, 'GET /v1/contacts', '203.0.113.2', 'cron/1')
    await send(old, 'GET /v1/contacts', '203.0.113.2', 'cron/2')
    const { secret } = await change(id, 'rotate')
    await send(secret, 'GET /v1/contacts', '203.0.113.2', 'cron/2')
    const { secrets } = await usageOf(id)
    const client = (endpoint: string, ip: string, agent: string, requests: number, refused = 0) => ({
      ip,
      user_agent: agent,
      endpoint: `GET /v1/${endpoint}`,
      first_seen: at(requests === 2 ? startMs : clock.nowMs()),
      last_seen: at(clock.nowMs()),
      last_used: requests === 0 ? null : at(clock.nowMs()),
      requests,
      refused,
    })
    const byName = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
    expect(secrets.map((one: { clients: object[] }) => one.clients.toSorted(byName))).toEqual([
      [client('contacts', '203.0.113.2', 'cron/2', 1)],
      [
        client('contacts', '203.0.113.1', 'cron/1', 2),
        client('contacts/{id}', '203.0.113.1', 'cron/1', 1),
        client('events', '203.0.113.1', 'cron/1', 0, 1),
        client('contacts', '203.0.113.2', 'cron/1', 1),
        client('contacts', '203.0.113.2', 'cron/2', 1),
      ].toSorted(byName),
    ])
    expect(secrets.map((one: { status: string }) => one.status)).toEqual(['current', 'old'])
  })

  test('of any name can be told apart and hurt nothing: none, control characters, a book', async () => {
    const { id, secret } = await createKey()
    const agents = [
      'a\u0000b',
      'a\u0001b',
      'tab\tbed',
      'é',
      'x'.repeat(12_000),
      "'; DROP TABLE api_keys; --",
      OTHERS,
    ]
    for (const agent of agents) {
      expect(
        (await server.request('GET /v1/me', { key: secret, headers: { 'user-agent': agent } })).status,
      ).toBe(200)
    }
    clock.advance(1)
    const { secrets, buckets } = await usageOf(id)
    const seen: Record<string, number> = Object.fromEntries(
      secrets[0].clients.map((one: { user_agent: string; requests: number }) => [
        one.user_agent,
        one.requests,
      ]),
    )
    expect(seen).toEqual({
      'a b': 2,
      'tab bed': 1,
      é: 1,
      ['x'.repeat(256)]: 1,
      "'; DROP TABLE api_keys; --": 1,
      [OTHERS]: 1,
    })
    expect(buckets[0].requests).toBe(agents.length)
  })
})

describe('during a rotation', () => {
  test('is said who moved, who didn’t, and when it is safe to end the old secret', async () => {
    const { id, secret: old } = await createKey()
    const send = (secret: string, agent: string) =>
      server.request('GET /v1/me', { key: secret, address: '203.0.113.1', headers: { 'user-agent': agent } })
    for (const agent of ['gone', 'moves', 'stays']) await send(old, agent)
    expect((await usageOf(id)).rotation).toBeNull()
    clock.advance(1_000)
    const { secret } = await change(id, 'rotate', { overlap_seconds: 4 * 3_600 })
    const endsAt = at(clock.nowMs() + 4 * HOUR_MS)
    clock.advance(1_000)
    await send(old, 'moves')
    await send(old, 'stays')
    const before = (await usageOf(id)).rotation
    expect(before).toMatchObject({ is_safe_to_finish: false, idle_seconds: 0, old_secret_ends_at: endsAt })
    const agentsOf = (rotation: { still_on_old_secret: { user_agent: string }[] }) =>
      rotation.still_on_old_secret.map((one) => one.user_agent).toSorted()
    expect(agentsOf(before)).toEqual(['moves', 'stays'])
    clock.advance(1_000)
    await send(secret, 'moves')
    const moved = (await usageOf(id)).rotation
    expect(agentsOf(moved)).toEqual(['stays'])
    expect(moved.message).toBe('1 client still uses the old secret, last 1 second ago.')
    // It goes back: one of its processes wasn't restarted.
    clock.advance(1_000)
    await send(old, 'moves')
    const lastMs = clock.nowMs()
    expect(agentsOf((await usageOf(id)).rotation)).toEqual(['moves', 'stays'])
    // Quiet isn't moved: a job that runs each hour would fail.
    clock.advance(12 * MINUTE_MS)
    expect((await usageOf(id)).rotation).toMatchObject({
      is_safe_to_finish: false,
      message:
        'Quiet for 12 minutes, but 2 clients were not seen with the new secret yet: a job that runs less often would fail.',
    })
    clock.advance(78 * MINUTE_MS - 1)
    expect((await usageOf(id)).rotation.is_safe_to_finish).toBe(false)
    clock.advance(1)
    expect((await usageOf(id)).rotation).toMatchObject({
      is_safe_to_finish: true,
      idle_seconds: 5_400,
      old_secret_last_used_at: at(lastMs),
    })
    for (const agent of ['moves', 'stays']) await send(secret, agent)
    expect((await usageOf(id)).rotation).toMatchObject({ is_safe_to_finish: true, still_on_old_secret: [] })
    await change(id, 'rotate/finish')
    expect((await usageOf(id)).rotation).toBeNull()
  })

  test('a secret that nobody used is safe to end ten minutes after the rotation began', async () => {
    const { id } = await createKey()
    await change(id, 'rotate', { overlap_seconds: 3_600 })
    clock.advance(10 * MINUTE_MS - 1)
    expect((await usageOf(id)).rotation).toMatchObject({ is_safe_to_finish: false, still_on_old_secret: [] })
    clock.advance(1)
    expect((await usageOf(id)).rotation).toMatchObject({
      is_safe_to_finish: true,
      old_secret_last_used_at: null,
    })
  })
})

test('a key with the permissions that were suggested can make every call it made, HEAD too, and needs each of them', async () => {
  const { id, secret } = await createKey()
  const calls = [
    'HEAD /v1/contacts',
    'GET /v1/events',
    'GET /v1/me',
    'POST /v1/conversations',
    'GET /v1/conversations',
  ]
  for (const route of calls)
    await server.request(route, { key: secret, body: route.startsWith('POST') ? {} : undefined })
  const suggestion = await suggestionOf(id)
  expect(suggestion).toMatchObject({
    requests: calls.length,
    current: ['*'],
    suggested: ['conversations:write', 'contacts:read', 'events:read'],
  })
  const { secret: lesser } = await createKey({ permissions: suggestion.suggested })
  for (const route of calls) {
    const { status } = await server.request(route, {
      key: lesser,
      body: route.startsWith('POST') ? {} : undefined,
    })
    expect(status).toBeLessThan(401)
  }
  const verdicts = suggestion.permissions.map((one: { permission: string; verdict: string }) => [
    one.permission,
    one.verdict,
  ])
  expect(Object.fromEntries(verdicts)).toMatchObject({
    'conversations:write': 'keep',
    'contacts:write': 'narrow_to_read',
    'webhooks:write': 'remove',
  })
  // What was called more than 30 days ago doesn't count.
  clock.advance(30 * DAY_MS + 1)
  expect(await suggestionOf(id)).toMatchObject({ requests: 0, suggested: [] })
})

test('a permission that was needed once is suggested still when a crowd has called since, and its calls are all counted', async () => {
  const { id, secret } = await createKey()
  await server.request('GET /v1/events', { key: secret, address: '203.0.113.1' })
  await usageOf(id)
  clock.advance(1_000)
  await sql`
    INSERT INTO api_key_clients (environment_id, api_key_id, secret_id, endpoint, address, user_agent,
                                 first_seen_at, last_used_at, requests, refused)
    SELECT environment_id, api_key_id, secret_id, 'GET /v1/contacts', '2001:db8::' || to_hex(n), 'crowd',
           at + n * interval '1 ms', at + n * interval '1 ms', 2, 0
      FROM api_key_clients, generate_series(1, 1100) AS n, (SELECT ${new Date(clock.nowMs())}::timestamptz AS at) AS now
     WHERE api_key_id = ${id}`.execute(server.db)
  clock.advance(2_000)
  for (let times = 0; times < 2; times++) {
    await server.app.keyUpkeep.run()
    expect(await suggestionOf(id)).toMatchObject({
      requests: 2_201,
      suggested: ['contacts:read', 'events:read'],
    })
  }
  const rows = await server.db
    .selectFrom('api_key_clients')
    .select(['endpoint', 'address', 'requests'])
    .where('api_key_id', '=', id as Id<'key'>)
    .execute()
  expect(rows).toHaveLength(1_002)
  expect(
    rows.filter(({ address }) => address === OTHERS).toSorted((a, b) => a.requests - b.requests),
  ).toEqual([
    { endpoint: 'GET /v1/events', address: OTHERS, requests: 1 },
    { endpoint: 'GET /v1/contacts', address: OTHERS, requests: 200 },
  ])
})

test('a call of long ago that was refused lately is no reason for a permission', async () => {
  const { id, secret } = await createKey({ permissions: ['events:read', 'contacts:read'] })
  await server.request('GET /v1/events', { key: secret })
  await usageOf(id)
  clock.advance(31 * DAY_MS)
  await server.request(`PATCH /v1/api_keys/${id}`, { key, body: { permissions: ['contacts:read'] } })
  expect((await server.request('GET /v1/events', { key: secret })).status).toBe(403)
  await server.request('GET /v1/contacts', { key: secret })
  expect(await suggestionOf(id)).toMatchObject({ requests: 1, suggested: ['contacts:read'] })
})

test('the use of a key is nobody’s business in another environment, or without the permission', async () => {
  const { id } = await createKey()
  const live = await server.createKey('live')
  const { secret: other } = await createKey({ permissions: ['usage:write', 'contacts:write'] })
  for (const path of ['usage', 'suggested_permissions', 'audit']) {
    expect((await server.request(`GET /v1/api_keys/${id}/${path}`, { key: live })).status).toBe(404)
    expect((await server.request(`GET /v1/api_keys/${id}/${path}`, { key: other })).status).toBe(403)
  }
})

const OTHERS = '(others)'

/** Holds a key's row, so that whoever would change it waits. */
async function holdRow(id: string) {
  const { promise: until, resolve: release } = Promise.withResolvers<void>()
  const { promise: held, resolve: onHeld } = Promise.withResolvers<void>()
  const done = server.db.transaction().execute(async (tx) => {
    await sql`SELECT 1 FROM api_keys WHERE id = ${id} FOR UPDATE`.execute(tx)
    onHeld()
    await until
  })
  await held
  const waiting = sql<{ count: number }>`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  return {
    isWaitedFor: () => expect.poll(async () => (await waiting.execute(server.db)).rows[0]?.count).toBe(1),
    release: async () => {
      release()
      await done
    },
  }
}

test('a flood of user agents from one address doesn’t push out where the owner calls from', async () => {
  const { id, secret } = await createKey()
  await server.request('GET /v1/me', { key: secret, address: '203.0.113.77' })
  await usageOf(id)
  clock.advance(1_000)
  const row = await server.db
    .selectFrom('api_key_clients')
    .selectAll()
    .where('api_key_id', '=', id as `key_${string}`) // the server made it
    .executeTakeFirstOrThrow()
  const { last_seen_at: _generated, ...seen } = row
  const now = new Date(clock.nowMs())
  const flood = Array.from({ length: 1_500 }, (_, index) => ({
    ...seen,
    address: '198.51.100.9',
    user_agent: `flood ${index}`,
    first_seen_at: now,
    last_used_at: now,
  }))
  await server.db.insertInto('api_key_clients').values(flood).execute()
  await server.app.keyUpkeep.run()
  const { body } = await server.request(`POST /v1/api_keys/${id}/quarantine`, { key })
  expect(body.data.quarantine.addresses).toContain('203.0.113.77')
})
