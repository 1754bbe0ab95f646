/** Guessing over HTTP: who brings keys that nobody knows is slowed down by address, and who brings a valid one never is. */
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp, type TestResponse } from '../../testing/app.ts'
import { createSecret } from './secret.ts'

/** At once, and then one each second. */
const BURST = 60

const unknown = createSecret('test')

let server: TestApp
let key: string
let places = 0
/** Of this test alone. */
let address: string

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey()
})
afterAll(() => server.close())
beforeEach(() => {
  address = `203.0.113.${++places}`
})

const me = (secret: string, from = address) => server.request('GET /v1/me', { key: secret, address: from })
const createKey = async (body: Record<string, unknown> = {}) => {
  const made = await server.request('POST /v1/api_keys', { key, body: { name: 'x', ...body } })
  expect(made.status).toBe(201)
  return made.body.data as { id: string; secret: string }
}
/** Fails until it is told to slow down; that answer, and how many failures were answered before. */
async function exhaust(guess: () => string = () => createSecret('test'), from: () => string = () => address) {
  const startMs = performance.now()
  for (let count = 0; ; count++) {
    if (count > 10 * BURST) throw new Error('nobody was slowed down')
    const answer = await me(guess(), from())
    if (answer.status === 429) {
      // What came back while the failures were made is given, too.
      expect(count).toBeGreaterThanOrEqual(BURST)
      expect(count).toBeLessThanOrEqual(BURST + Math.ceil((performance.now() - startMs) / 1_000))
      return { answer, count }
    }
    expect(answer.status).toBe(401)
  }
}
const statuses = (answers: TestResponse[]) => {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

describe('an address that brings unknown keys', () => {
  test('is answered 429 after 60 of them, and told which policy, whose and how long to wait', async () => {
    const { answer } = await exhaust()
    expect(answer.body).toMatchObject({
      success: false,
      error: 'Too Many Requests',
      code: 'rate_limited',
      details: { policy: 'failed_authentication' },
    })
    expect(answer.body.hint).toContain(address)
    expect(answer.headers['retry-after']).toBe('1')
    expect(answer.headers).not.toHaveProperty('www-authenticate')
  })

  test('is heard again once it has waited', async () => {
    await exhaust()
    await expect.poll(async () => (await me(createSecret('test'))).status).toBe(401)
  })

  test('gets no more by asking all at once', async () => {
    const startMs = performance.now()
    const answers = await Promise.all(Array.from({ length: 150 }, () => me(createSecret('test'))))
    const failed = statuses(answers)[401] ?? 0
    expect(failed).toBeGreaterThanOrEqual(BURST)
    expect(failed).toBeLessThanOrEqual(BURST + Math.ceil((performance.now() - startMs) / 1_000))
    expect(statuses(answers)).toEqual({ 401: failed, 429: 150 - failed })
  })

  test.each<[string, () => string]>([
    ['the same unknown key again and again', () => unknown],
    ['keys that are cut off', () => createSecret('live').slice(0, -1)],
    ['keys of another service', () => `pk_${createSecret('test')}`],
    ['keys with blanks', () => `sk_test_ ${Math.random()}`],
    ['text of any length', () => 'x'.repeat(8_000)],
    ['client tokens that nobody signed', () => `ct_test_${'a'.repeat(100)}.${'b'.repeat(43)}`],
    ['client tokens that are none', () => 'ct_'],
  ])('is slowed down for %s', async (_what, guess) => {
    const { answer } = await exhaust(guess)
    expect(answer.body).toMatchObject({ code: 'rate_limited', details: { policy: 'failed_authentication' } })
  })

  test('can’t hide in its own /64 of IPv6, nor in the IPv6 writing of IPv4', async () => {
    let host = 0
    const { answer } = await exhaust(undefined, () => `2001:db8:7:7:${(++host * 977).toString(16)}::${host}`)
    expect(answer.body.hint).toContain('2001:db8:7:7::/64')
    expect((await me(createSecret('test'), '2001:db8:7:8::1')).status).toBe(401)
    let turn = 0
    await exhaust(undefined, () => (++turn % 2 === 0 ? address : `::ffff:${address}`))
  })

  test('finds its guesses neither in the answers nor in the log', async () => {
    const guess = createSecret('test')
    const answers = [await me(guess), await me(guess.slice(1)), await me(`ct_${guess}`)]
    for (const { text } of answers) expect(text).not.toContain(guess.slice(10))
    expect(server.logLines.join('')).not.toContain(guess.slice(10))
  })
})

describe('meanwhile', () => {
  test('valid keys from the same address work, known ones and ones never seen before', async () => {
    const unseen = await createKey()
    await me(key)
    await exhaust()
    for (let times = 0; times < 20; times++) {
      expect((await me(createSecret('test'))).status).not.toBe(200)
      expect((await me(key)).status).toBe(200)
    }
    expect((await me(unseen.secret)).status).toBe(200)
  })

  test('they do also in the middle of a flood', async () => {
    const unseen = await Promise.all([createKey(), createKey()])
    await exhaust()
    const flood = Array.from({ length: 200 }, () => me(createSecret('test')))
    const valid = [...unseen.map(({ secret }) => me(secret)), me(key)]
    expect(statuses(await Promise.all(valid))).toEqual({ 200: 3 })
    expect(statuses(await Promise.all(flood))[200]).toBeUndefined()
  })

  test('all guesses of an address take one connection to the database, those before its first failure, too', async () => {
    const unseen = await createKey()
    await server.request('GET /v1/contacts', { key })
    const holder = new pg.Client({ connectionString: server.url })
    await holder.connect()
    // Within a transaction, what others do is seen as it was at the first look.
    const watcher = new pg.Client({ connectionString: server.url })
    await watcher.connect()
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                      AND query LIKE '%"api_key_secrets"."hash" in%'`
    try {
      await holder.query('BEGIN')
      await holder.query('LOCK TABLE api_key_secrets')
      const flood = Array.from({ length: 300 }, () => me(createSecret('test')))
      const valid = me(unseen.secret)
      await expect.poll(async () => (await watcher.query(waiting)).rowCount).toBe(1)
      // The pool has ten connections: the others serve who calls meanwhile.
      expect((await server.request('GET /v1/contacts', { key })).status).toBe(200)
      expect((await watcher.query(waiting)).rowCount).toBe(1)
      await holder.query('COMMIT')
      expect((await valid).status).toBe(200)
      expect(statuses(await Promise.all(flood))[200]).toBeUndefined()
    } finally {
      await holder.end()
      await watcher.end()
    }
  })

  test('a page with a valid client token is served from there', async () => {
    const contact = await server.request('POST /v1/contacts', { key, body: { name: 'Ada' } })
    const token = await server.request('POST /v1/client_tokens', {
      key,
      body: { contact_id: contact.body.data.id },
    })
    await exhaust()
    const page = await server.request('GET /v1/conversations', { key: token.body.data.token, address })
    expect(page.status).toBe(200)
  })

  test('other addresses notice nothing', async () => {
    await exhaust()
    expect((await me(createSecret('test'), '198.51.100.1')).status).toBe(401)
    expect((await me(key, '198.51.100.1')).status).toBe(200)
  })
})

describe('not counted', () => {
  test('are requests without a key, and those with a key that is known but over or lacks a permission', async () => {
    const revoked = await createKey()
    await server.request(`POST /v1/api_keys/${revoked.id}/revoke`, { key })
    const reader = await createKey({ permissions: ['events:read'] })
    for (let times = 0; times < BURST + 10; times++) {
      expect((await server.request('GET /v1/me', { address })).body.code).toBe('unauthorized')
      expect((await me(revoked.secret)).body.code).toBe('api_key_revoked')
      expect((await server.request('GET /v1/contacts', { key: reader.secret, address })).status).toBe(403)
    }
    expect((await me(createSecret('test'))).status).toBe(401)
  })
})

test('of more than ten thousand addresses the one that failed longest ago is forgotten, so memory is bounded', async () => {
  const statusFrom = (from: string): string => {
    try {
      server.app.identify('sk_test_short', from)
      return 'identified'
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  const first = '192.0.2.1'
  for (let times = 0; times < BURST; times++) expect(statusFrom(first)).toBe('invalid_api_key')
  expect(statusFrom(first)).toBe('rate_limited')
  for (let index = 0; index < 10_000; index++)
    statusFrom(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`)
  // Not what came back in the meantime: a full bucket.
  for (let times = 0; times < BURST; times++) expect(statusFrom(first)).toBe('invalid_api_key')
})
