/** Keys that may be in the wrong hands: quarantine, reported leaks, and secrets sent by web pages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { createSecret } from './secret.ts'

const DAY_MS = 86_400_000

let server: TestApp
const clock = new TestClock()
let key: string

beforeAll(async () => {
  server = await createTestApp({ clock })
  key = await server.createKey()
})
afterAll(() => server.close())

async function createKey(body: Record<string, unknown> = {}) {
  const made = await server.request('POST /v1/api_keys', { key, body: { name: 'x', ...body } })
  expect(made.status).toBe(201)
  return made.body.data as { id: string; secret: string }
}
const post = (id: string, call: string, body?: unknown, by = key) =>
  server.request(`POST /v1/api_keys/${id}/${call}`, { key: by, body })
const get = async (id: string) => (await server.request(`GET /v1/api_keys/${id}`, { key })).body.data
const read = (secret: string, address = '127.0.0.1') =>
  server.request('GET /v1/contacts', { key: secret, address })
const write = (secret: string, address = '127.0.0.1') =>
  server.request('POST /v1/contacts', { key: secret, address, body: { name: 'Ada' } })

interface Entry {
  action: string
  actor: { type: string; ip: string | null; user_agent: string | null; request_id: string | null }
  changes: Record<string, unknown>
}
const auditOf = async (id: string, action: string) => {
  const trail: Entry[] = (await server.request(`GET /v1/api_keys/${id}/audit?limit=100`, { key })).body.data
  return trail.filter((entry) => entry.action === action)
}
const eventsOf = async (id: string, type: string) =>
  (await server.request('GET /v1/events?limit=100', { key })).body.data.filter(
    (event: { type: string; data: { api_key_id?: string } }) =>
      event.type === type && event.data.api_key_id === id,
  )

describe('in quarantine', () => {
  test('a key reads from where it was used in the last 30 days and does nothing else, from the answer on', async () => {
    const { id, secret } = await createKey()
    await read(secret, '203.0.113.31')
    clock.advance(DAY_MS)
    await read(secret, '203.0.113.30')
    clock.advance(30 * DAY_MS)
    await read(secret, '203.0.113.1')
    await read(secret, '::ffff:203.0.113.2')
    await server.request('GET /v1/nothing-with-this-path', { key: secret, address: '203.0.113.66' })
    const quarantined = await post(id, 'quarantine', { reason: 'odd hours' })
    expect(quarantined.status).toBe(200)
    expect(quarantined.body.data).toMatchObject({
      status: 'quarantined',
      quarantine: { reason: 'odd hours' },
    })
    expect(quarantined.body.data.quarantine.addresses.toSorted()).toEqual([
      '203.0.113.1',
      '203.0.113.2',
      '203.0.113.30',
    ])
    for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.30', '::ffff:203.0.113.1']) {
      expect((await read(secret, address)).status).toBe(200)
      const refused = await write(secret, address)
      expect(refused.status).toBe(403)
      expect(refused.body).toMatchObject({ code: 'api_key_quarantined', details: { reason: 'read_only' } })
    }
    for (const address of ['203.0.113.31', '203.0.113.66', '2001:db8::1', '127.0.0.1']) {
      const refused = await read(secret, address)
      expect(refused.status).toBe(403)
      expect(refused.body).toMatchObject({
        code: 'api_key_quarantined',
        details: { reason: 'address', address },
      })
    }
    expect((await read(key)).body.data).toEqual([])
  })

  test('no call that changes anything is open to it', async () => {
    const { id, secret } = await createKey()
    await read(secret)
    await post(id, 'quarantine')
    const calls = server.app.http.routeTable.filter(({ access }) => access.endsWith(':write'))
    expect(calls.length).toBeGreaterThan(10)
    for (const { method, url } of calls) {
      const refused = await server.request(`${method} ${url.replaceAll(/:\w+/g, id)}`, {
        key: secret,
        body: {},
      })
      expect(refused.body.code).toBe('api_key_quarantined')
    }
    expect((await get(id)).status).toBe('quarantined')
  })

  test('a key that was never used works nowhere', async () => {
    const { id, secret } = await createKey()
    expect((await post(id, 'quarantine')).body.data.quarantine).toMatchObject({
      reason: 'suspected',
      addresses: [],
    })
    for (const address of ['127.0.0.1', '::1']) {
      expect((await read(secret, address)).body.details).toEqual({ reason: 'address', address })
    }
  })

  test('requests that it was refused don’t widen it, and what else confines it holds on', async () => {
    const { id, secret } = await createKey({
      ip_allowlist: ['203.0.113.0/24'],
      permissions: ['contacts:read'],
    })
    await read(secret, '203.0.113.1')
    await read(secret, '198.51.100.1')
    expect((await post(id, 'quarantine')).body.data.quarantine.addresses).toEqual(['203.0.113.1'])
    await server.request(`PATCH /v1/api_keys/${id}`, { key, body: { ip_allowlist: ['203.0.113.2'] } })
    expect((await read(secret, '203.0.113.1')).body.code).toBe('ip_not_allowed')
    expect((await read(secret, '203.0.113.2')).body.code).toBe('api_key_quarantined')
  })

  test('holds for the secret that a rotation makes, too', async () => {
    const { id, secret: old } = await createKey()
    await read(old, '203.0.113.1')
    await post(id, 'quarantine')
    const { secret, status } = (await post(id, 'rotate')).body.data
    expect(status).toBe('quarantined')
    for (const each of [old, secret]) {
      expect((await read(each, '203.0.113.1')).status).toBe(200)
      expect((await write(each, '203.0.113.1')).status).toBe(403)
      expect((await read(each, '203.0.113.2')).status).toBe(403)
    }
  })

  test('release gives everything back at the answer; quarantine and release twice are one each', async () => {
    const { id, secret } = await createKey()
    await read(secret, '203.0.113.1')
    const first = (await post(id, 'quarantine')).body.data.quarantine
    clock.advance(1_000)
    expect((await post(id, 'quarantine', { reason: 'again' })).body.data.quarantine).toEqual(first)
    for (let round = 0; round < 2; round++) {
      const released = await post(id, 'release')
      expect(released.body.data).toMatchObject({ status: 'active', quarantine: null })
    }
    expect((await write(secret, '198.51.100.1')).status).toBe(201)
    for (const action of ['quarantined', 'released']) {
      expect(await auditOf(id, action)).toHaveLength(1)
      expect(await eventsOf(id, `api_key.${action}`)).toHaveLength(1)
    }
  })

  test('a key that is over is neither quarantined nor released', async () => {
    const { id } = await createKey({ expires_at: new Date(clock.nowMs() + 1_000).toISOString() })
    clock.advance(1_000)
    for (const status of ['expired', 'revoked']) {
      for (const call of ['quarantine', 'release']) {
        expect((await post(id, call)).body).toMatchObject({ code: 'conflict', details: { status } })
      }
      await post(id, 'revoke')
    }
  })

  test('a lesser key can’t put a greater one in or let it out, and a reason of blanks is none', async () => {
    const lesser = await createKey({ permissions: ['api_keys:write'], ip_allowlist: ['127.0.0.1'] })
    const { id } = await createKey()
    expect((await post(id, 'quarantine', undefined, lesser.secret)).status).toBe(403)
    const wider = await createKey({ permissions: ['api_keys:write'] })
    await post(wider.id, 'quarantine')
    expect((await post(wider.id, 'release', undefined, lesser.secret)).status).toBe(403)
    expect((await post(id, 'quarantine', { reason: '  ' })).body.param).toBe('reason')
  })
})

describe('a reported leak', () => {
  let reporters = 0
  /** From an address of its own: reports are few a minute from one. */
  const report = (
    secret: string,
    extra: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) =>
    server.request('POST /v1/leaks', {
      body: { secret, ...extra },
      headers,
      address: `198.51.100.${reporters++}`,
    })
  const choose = async (leak_response: string, by = key) =>
    server.request('PATCH /v1/api_keys/settings', { key: by, body: { leak_response } })

  test('quarantines the key before the answer, and says who found it where', async () => {
    const { id, secret } = await createKey()
    await read(secret, '203.0.113.1')
    const address = `198.51.100.${reporters}`
    const place = { url: 'https://paste.example/1', source: 'paste' }
    await report(secret, place, { 'user-agent': 'finder/1' })
    expect((await write(secret, '203.0.113.1')).body.code).toBe('api_key_quarantined')
    expect(await get(id)).toMatchObject({
      status: 'quarantined',
      quarantine: { reason: 'leak_reported', addresses: ['203.0.113.1'] },
      leak: { ...place, reported_at: new Date(clock.nowMs()).toISOString() },
      attention: ['never_expires', 'leaked'],
    })
    const [entry] = await auditOf(id, 'leak_reported')
    expect(entry).toMatchObject({
      actor: {
        type: 'anyone',
        ip: address,
        user_agent: 'finder/1',
        request_id: expect.stringMatching(/^req_/),
      },
      changes: { ...place, secret_last_four: secret.slice(-4) },
    })
    expect(JSON.stringify(await eventsOf(id, 'api_key.leaked'))).not.toContain(secret)
    expect(await eventsOf(id, 'api_key.leaked')).toHaveLength(1)
    await post(id, 'release')
    expect(await get(id)).toMatchObject({ status: 'active', leak: null, attention: ['never_expires'] })
    expect((await write(secret)).status).toBe(201)
  })

  test('is answered the same whatever the secret is', async () => {
    const { id, secret: revoked } = await createKey()
    await post(id, 'revoke')
    const { secret: known } = await createKey()
    const ofLive = await server.createKey('live')
    const answers = await Promise.all(
      [known, ofLive, revoked, createSecret('test'), 'YOUR_API_KEY', known.slice(1)].map((secret) =>
        report(secret),
      ),
    )
    for (const { status, text } of answers) {
      expect([status, text]).toEqual([202, '{"success":true,"data":{"received":true}}'])
    }
    expect((await get(id)).status).toBe('revoked')
  })

  test('is noted once an hour, however often and however many at once report it', async () => {
    const { id, secret } = await createKey()
    await Promise.all(Array.from({ length: 5 }, () => report(secret)))
    clock.advance(3_599_999)
    await report(secret)
    expect(await auditOf(id, 'leak_reported')).toHaveLength(1)
    expect(await eventsOf(id, 'api_key.leaked')).toHaveLength(1)
    expect(await auditOf(id, 'quarantined')).toHaveLength(1)
    clock.advance(1)
    await report(secret)
    expect(await auditOf(id, 'leak_reported')).toHaveLength(2)
  })

  test('of a secret that has ended quarantines nobody; of one that works until the overlap ends it does', async () => {
    const { id, secret: ended } = await createKey()
    const { secret: old } = (await post(id, 'rotate', { overlap_seconds: 0 })).body.data
    await report(ended)
    expect(await get(id)).toMatchObject({ status: 'active', attention: ['never_expires', 'leaked'] })
    await post(id, 'rotate')
    // Within the hour of the first report.
    await report(old)
    expect((await get(id)).status).toBe('quarantined')
  })

  test('revokes the key where the environment chose that, also one that is in quarantine already', async () => {
    const { id, secret } = await createKey()
    const quarantined = await createKey()
    await report(quarantined.secret)
    expect((await choose('revoke')).body.data).toEqual({ leak_response: 'revoke' })
    await report(secret)
    expect((await read(secret)).body.code).toBe('api_key_revoked')
    expect(await auditOf(id, 'revoked')).toMatchObject([
      { actor: { type: 'anyone' }, changes: { reason: 'leak_reported' } },
    ])
    expect(await eventsOf(id, 'api_key.revoked')).toHaveLength(1)
    await report(quarantined.secret)
    expect((await get(quarantined.id)).status).toBe('revoked')
    await choose('quarantine')
  })

  test('what becomes of leaked keys is for a key with all permissions to choose, each environment for itself', async () => {
    const { secret: lesser } = await createKey({ permissions: ['api_keys:write'] })
    expect((await choose('revoke', lesser)).status).toBe(403)
    expect((await choose('ignore')).body.param).toBe('leak_response')
    const live = await server.createKey('live')
    await choose('revoke', live)
    const settings = await server.request('GET /v1/api_keys/settings', { key })
    expect(settings.body.data).toEqual({ leak_response: 'quarantine' })
  })
})

describe('a secret key in a web page', () => {
  test.each([
    [{ origin: 'https://shop.example' }, 'https://shop.example'],
    [{ origin: 'null' }, 'null'],
    [{ origin: 'http://localhost:4001' }, 'http://localhost:4001'],
    [{ origin: 'http://localhost.evil.example' }, 'http://localhost.evil.example'],
    [{ origin: 'chrome-extension://abcdef' }, 'chrome-extension://abcdef'],
    [{ origin: '' }, ''],
    [{ origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' }, 'https://shop.example'],
    [{ 'sec-fetch-site': 'cross-site' }, 'unknown'],
    [{ 'sec-fetch-site': 'same-site' }, 'unknown'],
    [{ 'sec-fetch-site': 'same-origin, cross-site' }, 'unknown'],
  ])('sent with %j is refused, noted once and without effect', async (headers, origin) => {
    const { id, secret } = await createKey()
    const before = (await read(key)).body.data.length
    for (let times = 0; times < 3; times++) {
      const refused = await server.request('POST /v1/contacts', {
        key: secret,
        headers,
        body: { name: 'Eve' },
      })
      expect(refused.status).toBe(403)
      expect(refused.body).toMatchObject({ code: 'secret_key_in_browser', details: { origin } })
    }
    expect((await read(key)).body.data).toHaveLength(before)
    await expect
      .poll(async () => (await get(id)).browser)
      .toEqual({
        refused_at: new Date(clock.nowMs()).toISOString(),
        origin,
      })
    expect((await get(id)).attention).toContain('used_in_browser')
    expect(await auditOf(id, 'refused_in_browser')).toMatchObject([
      { actor: { type: 'api_key', ip: '127.0.0.1' }, changes: { origin } },
    ])
    expect(await eventsOf(id, 'api_key.refused_in_browser')).toHaveLength(1)
    // The key works on where it belongs.
    expect((await read(secret)).status).toBe(200)
  })

  test('is noted again after an hour', async () => {
    const { id, secret } = await createKey()
    const visit = () =>
      server.request('GET /v1/me', { key: secret, headers: { origin: 'https://a.example' } })
    await visit()
    await expect.poll(() => auditOf(id, 'refused_in_browser')).toHaveLength(1)
    clock.advance(3_600_000)
    await visit()
    await expect.poll(() => auditOf(id, 'refused_in_browser')).toHaveLength(2)
  })

  test('is not noted of a secret that is over', async () => {
    const { id, secret } = await createKey()
    await post(id, 'revoke')
    const refused = await server.request('GET /v1/me', {
      key: secret,
      headers: { origin: 'https://a.example' },
    })
    expect(refused.body.code).toBe('api_key_revoked')
    expect(await auditOf(id, 'refused_in_browser')).toEqual([])
  })

  test.each([
    ['a program', {}],
    ['Node’s fetch', { 'sec-fetch-mode': 'cors' }],
    ['this server’s own page', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:4000' }],
    ['its own page in an old browser', { host: 'clara.example', origin: 'https://clara.example' }],
  ])('%s is let in', async (_who, headers) => {
    expect(
      (await server.request('GET /v1/me', { key, headers: headers as Record<string, string> })).status,
    ).toBe(200)
  })

  test('no answer to a secret key opens itself to pages, whatever its status', async () => {
    const origin = 'https://shop.example'
    for (const secret of [key, createSecret('test'), 'sk_test_short', undefined]) {
      for (const headers of [{ origin }, {}]) {
        const answer = await server.request('GET /v1/me', {
          ...(secret && { key: secret }),
          headers: headers as Record<string, string>,
        })
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      }
    }
  })
})
