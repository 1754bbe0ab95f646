/** Requests that are under way when their own key is confined: they may finish, but not undo it. */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp, type TestResponse } from '../../testing/app.ts'

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey()
})
afterAll(() => server.close())

async function createKey() {
  const made = await server.request('POST /v1/api_keys', { key, body: { name: 'stolen' } })
  return made.body.data as { id: string; secret: string }
}
const statusOf = async (id: string) =>
  (await server.request(`GET /v1/api_keys/${id}`, { key })).body.data.status

/** Lets both wait for the same row, `first` ahead of `second`; or only `first`, while `second` is done. */
async function inTurn(
  table: 'api_keys' | 'environments',
  id: string,
  first: () => Promise<TestResponse>,
  second: () => Promise<TestResponse>,
  { secondWaits = true } = {},
): Promise<[TestResponse, TestResponse]> {
  const holder = new pg.Client({ connectionString: server.url })
  await holder.connect()
  // Within a transaction, what others do is seen as it was at the first look.
  const watcher = new pg.Client({ connectionString: server.url })
  await watcher.connect()
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
  const isWaiting = (count: number) =>
    expect.poll(async () => (await watcher.query(waiting)).rowCount).toBe(count)
  try {
    await holder.query('BEGIN')
    await holder.query(`SELECT FROM ${table} WHERE id = $1 FOR NO KEY UPDATE`, [id])
    const a = first()
    await isWaiting(1)
    const b = second()
    if (secondWaits) await isWaiting(2)
    else await b
    await holder.query('COMMIT')
    return await Promise.all([a, b])
  } finally {
    await holder.end()
    await watcher.end()
  }
}

test('a key can’t release itself from a quarantine that began while its request waited', async () => {
  const { id, secret } = await createKey()
  const call = (name: string, by: string) => () =>
    server.request(`POST /v1/api_keys/${id}/${name}`, { key: by })
  const [quarantined, released] = await inTurn(
    'api_keys',
    id,
    call('quarantine', key),
    call('release', secret),
  )
  expect(quarantined.status).toBe(200)
  expect(released).toMatchObject({ status: 403, body: { code: 'api_key_quarantined' } })
  expect(await statusOf(id)).toBe('quarantined')
})

test('a key can’t give itself back what was taken from it while its request waited', async () => {
  const { id, secret } = await createKey()
  const patch = (by: string, body: object) => () =>
    server.request(`PATCH /v1/api_keys/${id}`, { key: by, body })
  const confined = { permissions: ['api_keys:write'], ip_allowlist: ['203.0.113.1/32'] }
  const [, widened] = await inTurn(
    'api_keys',
    id,
    patch(key, confined),
    patch(secret, { permissions: ['*'], ip_allowlist: [] }),
  )
  expect(widened).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect((await server.request(`GET /v1/api_keys/${id}`, { key })).body.data).toMatchObject(confined)
})

test('an old secret that was ended while its request waited rotates nothing', async () => {
  const { id, secret } = await createKey()
  await server.request(`POST /v1/api_keys/${id}/rotate`, { key })
  const call = (name: string, by: string) => () =>
    server.request(`POST /v1/api_keys/${id}/${name}`, { key: by })
  const [, rotated] = await inTurn('api_keys', id, call('rotate/finish', key), call('rotate', secret))
  expect(rotated).toMatchObject({ status: 401, body: { code: 'api_key_expired' } })
  expect(rotated.text).not.toContain('sk_test_')
})

test('a key that was revoked while its request waited makes no other one', async () => {
  const { id, secret } = await createKey()
  const { environment_id: environmentId } = await server.db
    .selectFrom('api_keys')
    .select('environment_id')
    .where('id', '=', id as `key_${string}`)
    .executeTakeFirstOrThrow()
  const [child, revoked] = await inTurn(
    'environments',
    environmentId,
    () => server.request('POST /v1/api_keys', { key: secret, body: { name: 'child' } }),
    // It takes no such lock: the request above waits for all of it.
    () => server.request(`POST /v1/api_keys/${id}/revoke`, { key }),
    { secondWaits: false },
  )
  expect(revoked.status).toBe(200)
  expect(child).toMatchObject({ status: 401, body: { code: 'api_key_revoked' } })
})

test('a key that revokes itself twice at once is told both times that it is revoked', async () => {
  const { id, secret } = await createKey()
  const revoke = () => server.request(`POST /v1/api_keys/${id}/revoke`, { key: secret })
  const [first, second] = await inTurn('api_keys', id, revoke, revoke)
  expect([first.status, second.status]).toEqual([200, 200])
  expect(second.body.data.revoked_at).toBe(first.body.data.revoked_at)
})
