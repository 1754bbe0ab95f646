/** What happens to keys and is kept: the trail of it, what is told of their end, and the receipt of a revocation. */
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Id } from '../../lib/ids.ts'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { auditActions } from './audit.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let server: TestApp
const clock = new TestClock()
let key: string

beforeAll(async () => {
  // Where days have 23 hours in March and 25 in October: a database is set to any zone.
  vi.stubEnv('PGOPTIONS', '-c timezone=Europe/Berlin')
  server = await createTestApp({ clock, env: { PORT: '0' } })
  vi.unstubAllEnvs()
  key = await server.createKey()
})
afterAll(() => server.close())

const ahead = (ms: number) => new Date(clock.nowMs() + ms)
/** The next 1st of this month, in UTC. */
function advanceToMonth(month: number): void {
  const now = new Date(clock.nowMs())
  const year = now.getUTCFullYear() + (now.getUTCMonth() + 1 < month ? 0 : 1)
  clock.advance(Date.UTC(year, month - 1, 1) - now.getTime())
}
async function createKey(body: Record<string, unknown> = {}, by = key) {
  const made = await server.request('POST /v1/api_keys', { key: by, body: { name: 'x', ...body } })
  expect(made.status).toBe(201)
  return made.body.data as { id: Id<'key'>; secret: string }
}
const post = (id: string, call: string, body?: unknown) =>
  server.request(`POST /v1/api_keys/${id}/${call}`, { key, body })
const patch = (id: string, body: unknown) => server.request(`PATCH /v1/api_keys/${id}`, { key, body })
const get = async (id: string) => (await server.request(`GET /v1/api_keys/${id}`, { key })).body.data

interface Entry {
  action: string
  actor: Record<string, string | null>
  changes: Record<string, unknown>
  created_at: string
}
/** Oldest first. */
const auditOf = async (id: string): Promise<Entry[]> =>
  (await server.request(`GET /v1/api_keys/${id}/audit?limit=100`, { key })).body.data.toReversed()
const actionsOf = async (id: string) => (await auditOf(id)).map(({ action }) => action)
/** Oldest first, without `api_key.`; of notices the days, too. */
async function eventsOf(id: string): Promise<string[]> {
  const rows = await server.db
    .selectFrom('events')
    .selectAll()
    .where(sql<boolean>`data->>'api_key_id' = ${id}`)
    .orderBy('sequence')
    .execute()
  return rows.map(({ type, data }) => {
    const { subject, days } = data as { subject?: string; days?: number }
    return [type.replace('api_key.', ''), subject, days].filter((part) => part !== undefined).join(' ')
  })
}

describe('the audit trail', () => {
  test('has every action, with who did it, from where, with what and in which request', async () => {
    const name = 'Auditor'
    const { id: auditorId, secret: auditor } = await createKey({ name })
    const headers = { 'user-agent': 'admin-ui/1' }
    const requestIds: string[] = []
    const send = async (route: string, body?: unknown) => {
      const answer = await server.request(route, {
        key: auditor,
        headers,
        address: '::ffff:203.0.113.9',
        body,
      })
      expect(answer.status).toBeLessThan(300)
      requestIds.push(String(answer.headers['x-request-id']))
      return answer.body.data
    }
    const owner = { type: 'person', email: 'eve@example.com' }
    const { id, secret } = await send('POST /v1/api_keys', { name: 'x', owner })
    const path = `/v1/api_keys/${id}`
    await send(`PATCH ${path}`, {
      name: 'y',
      permissions: ['events:read'],
      expires_at: ahead(HOUR_MS).toISOString(),
    })
    await send(`POST ${path}/rotate`)
    await send(`POST ${path}/rotate/finish`)
    await send(`POST ${path}/rotate`)
    await send(`POST ${path}/rotate/cancel`)
    await send(`POST ${path}/quarantine`)
    await send(`POST ${path}/release`)
    const byAuditor = await auditOf(id)
    expect(byAuditor.map(({ actor }) => actor)).toEqual(
      requestIds.map((request_id) => ({
        type: 'api_key',
        id: auditorId,
        name,
        ip: '203.0.113.9',
        user_agent: 'admin-ui/1',
        request_id,
      })),
    )
    expect(byAuditor[1]?.changes).toEqual({
      name: { from: 'x', to: 'y' },
      permissions: { from: ['*'], to: ['events:read'] },
      expires_at: { from: null, to: ahead(HOUR_MS).toISOString() },
    })
    await server.app.ownership.handOver(server.workspaceId, 'eve@example.com', 'mallory@example.com')
    await server.request('POST /v1/leaks', { body: { secret } })
    await server.request('GET /v1/me', { key: auditor, headers: { origin: 'https://shop.example' } })
    await expect.poll(() => actionsOf(auditorId)).toContain('refused_in_browser')
    clock.advance(HOUR_MS)
    await server.app.keyUpkeep.run()
    await post(id, 'revoke')
    const seen = new Set([...(await actionsOf(id)), ...(await actionsOf(auditorId))])
    const environment = await server.request('GET /v1/api_keys/audit?limit=1', { key })
    expect(environment.body.data[0]).toMatchObject({ api_key_id: id, action: 'revoked' })
    for (const leak_response of ['revoke', 'revoke', 'quarantine']) {
      await server.request('PATCH /v1/api_keys/settings', { key, body: { leak_response } })
    }
    const settings = await server.request('GET /v1/api_keys/audit?limit=2', { key })
    expect(settings.body.data).toMatchObject([
      { api_key_id: null, changes: { leak_response: { from: 'revoke', to: 'quarantine' } } },
      { api_key_id: null, changes: { leak_response: { from: 'quarantine', to: 'revoke' } } },
    ])
    for (const entry of settings.body.data) seen.add(entry.action)
    expect([...seen].toSorted()).toEqual(auditActions.toSorted())
  })

  test('of settings that several change at once goes from each value to the next', async () => {
    const wanted = ['revoke', 'quarantine', 'revoke', 'quarantine', 'revoke', 'quarantine']
    await Promise.all(
      wanted.map((leak_response) =>
        server.request('PATCH /v1/api_keys/settings', { key, body: { leak_response } }),
      ),
    )
    await server.request('PATCH /v1/api_keys/settings', { key, body: { leak_response: 'quarantine' } })
    const trail = await server.request('GET /v1/api_keys/audit?limit=100', { key })
    const steps: { from: string; to: string }[] = trail.body.data
      .filter((entry: Entry & { api_key_id: string | null }) => entry.api_key_id === null)
      .map((entry: { changes: { leak_response: object } }) => entry.changes.leak_response)
    // Each begins with the other of the two values: none is told twice in a row.
    const counts = (to: string) => steps.filter((step) => step.to === to).length
    expect(steps.every(({ from, to }) => from !== to)).toBe(true)
    expect(counts('revoke')).toBe(counts('quarantine'))
  })

  test('and the event of a change name the key as it is called since', async () => {
    const { id } = await createKey({ name: 'before' })
    await patch(id, { name: 'after' })
    const { data } = await server.db
      .selectFrom('events')
      .select('data')
      .where('type', '=', 'api_key.updated')
      .where(sql<boolean>`data->>'api_key_id' = ${id}`)
      .executeTakeFirstOrThrow()
    expect(data).toEqual({ api_key_id: id, name: 'after', changed: ['name'] })
  })

  test('has nothing of what changed nothing, or was refused', async () => {
    const { id } = await createKey({ name: 'same' })
    await patch(id, { name: 'same ', ip_allowlist: [], permissions: ['*'] })
    await patch(id, { name: '' })
    await patch(id, { rate_limit_per_minute: 5_000 })
    expect(await actionsOf(id)).toEqual(['created'])
    expect(await eventsOf(id)).toEqual(['created'])
  })

  test('is changed by no call, and not by SQL; it goes with its environment', async () => {
    const routes = server.app.http.routeTable.filter(({ url }) => url.includes('audit'))
    expect(routes.map(({ method }) => method)).toEqual(['GET', 'GET'])
    const { id } = await createKey()
    for (const path of ['/v1/api_keys/audit', `/v1/api_keys/${id}/audit`]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        expect((await server.request(`${method} ${path}`, { key, body: {} })).status).toBe(405)
      }
    }
    const before = await auditOf(id)
    for (const statement of [
      sql`UPDATE api_key_audit SET actor_name = 'nobody'`,
      sql`DELETE FROM api_key_audit`,
      sql`TRUNCATE api_key_audit`,
      sql`DELETE FROM api_key_audit WHERE api_key_id = ${id}`,
      sql`INSERT INTO api_key_audit SELECT * FROM api_key_audit ON CONFLICT (id) DO UPDATE SET action = 'created'`,
    ]) {
      await expect(statement.execute(server.db)).rejects.toThrow('the audit trail is never changed')
    }
    expect(await auditOf(id)).toEqual(before)
    const workspace = await server.createWorkspace('Short-lived')
    await server.createKey('test', ['*'], workspace.id)
    await sql`DELETE FROM workspaces WHERE id = ${workspace.id}`.execute(server.db)
  })
})

describe('the end of a key', () => {
  const run = () => server.app.keyUpkeep.run()

  test('is told 7 days and 1 day before and when it has come, each once, by whichever server looks first', async () => {
    advanceToMonth(3)
    clock.advance(24 * DAY_MS)
    const { id } = await createKey({ expires_at: ahead(8 * DAY_MS).toISOString() })
    const told: string[] = ['created']
    const step = async (ms: number, news?: string) => {
      clock.advance(ms)
      await Promise.all([run(), run(), run()])
      if (news !== undefined) told.push(news)
      expect(await eventsOf(id)).toEqual(told)
    }
    await step(DAY_MS - 1)
    await step(1, 'expiring key 7')
    await step(6 * DAY_MS - 1)
    await step(1, 'expiring key 1')
    await step(DAY_MS - 1)
    await step(1, 'expired')
    await step(30 * DAY_MS)
    expect(await auditOf(id)).toMatchObject([
      { action: 'created' },
      { action: 'expired', actor: { type: 'system' } },
    ])
  })

  test('is told from the next notice on for a key that is made or changed later; who missed some hears the latest', async () => {
    const { id } = await createKey({ expires_at: ahead(3 * DAY_MS).toISOString() })
    await run()
    expect(await eventsOf(id)).toEqual(['created'])
    clock.advance(2 * DAY_MS)
    await run()
    expect(await eventsOf(id)).toEqual(['created', 'expiring key 1'])
    await patch(id, { expires_at: ahead(20 * DAY_MS).toISOString() })
    await run()
    clock.advance(13 * DAY_MS)
    await run()
    await patch(id, { expires_at: ahead(7 * DAY_MS).toISOString() })
    await run()
    clock.advance(30 * DAY_MS)
    await run()
    const told = ['created', 'expiring key 1', 'updated', 'expiring key 7', 'expired']
    expect(await eventsOf(id)).toEqual(told)
    await patch(id, { expires_at: ahead(HOUR_MS).toISOString() })
    expect((await get(id)).status).toBe('active')
    clock.advance(HOUR_MS)
    await run()
    expect(await eventsOf(id)).toEqual([...told, 'updated', 'expired'])
  })

  test('of a revoked key is no news', async () => {
    const { id } = await createKey({ expires_at: ahead(8 * DAY_MS).toISOString() })
    await post(id, 'rotate', { overlap_seconds: 172_800 })
    await post(id, 'revoke')
    clock.advance(9 * DAY_MS)
    await run()
    expect(await eventsOf(id)).toEqual(['created', 'rotated', 'revoked'])
  })

  test('of an old secret is told a day before, where there is one, and noted when it has come', async () => {
    const [long, short, ended] = [await createKey(), await createKey(), await createKey()]
    for (const { id } of [long, ended]) await post(id, 'rotate', { overlap_seconds: 2 * 86_400 })
    await post(short.id, 'rotate', { overlap_seconds: 86_400 })
    await post(ended.id, 'rotate/finish')
    for (const ms of [DAY_MS - 1, 1, DAY_MS - 1, 1, DAY_MS]) {
      await Promise.all([run(), run()])
      clock.advance(ms)
      await run()
    }
    expect(await eventsOf(long.id)).toEqual([
      'created',
      'rotated',
      'expiring old_secret 1',
      'rotation_finished',
    ])
    expect(await eventsOf(short.id)).toEqual(['created', 'rotated', 'rotation_finished'])
    expect(await eventsOf(ended.id)).toEqual(['created', 'rotated', 'rotation_finished'])
    expect((await auditOf(long.id)).at(-1)).toMatchObject({
      action: 'rotation_finished',
      actor: { type: 'system' },
    })
  })

  test('keys that are not due for another hour keep nobody busy where the clock goes back in between', async () => {
    advanceToMonth(10)
    clock.advance(25 * DAY_MS)
    const expires_at = ahead(7 * DAY_MS + HOUR_MS / 2).toISOString()
    const ids: string[] = []
    while (ids.length < 101) {
      const some = await Promise.all(Array.from({ length: 10 }, () => createKey({ expires_at })))
      ids.push(...some.map(({ id }) => id))
    }
    await run()
    expect(await eventsOf(String(ids[0]))).toEqual(['created'])
    clock.advance(HOUR_MS / 2)
    await run()
    for (const id of [ids[0], ids.at(-1)])
      expect(await eventsOf(String(id))).toEqual(['created', 'expiring key 7'])
  })
})

describe('revoking', () => {
  test('again gives the same answer byte for byte, however late and however it is asked', async () => {
    const { id } = await createKey()
    const first = await post(id, 'revoke')
    clock.advance(DAY_MS)
    for (const call of [
      () => post(id, 'revoke'),
      () => server.request(`DELETE /v1/api_keys/${id}`, { key }),
    ]) {
      expect((await call()).text).toBe(first.text)
    }
    const { took_ms, nodes, requests_since_click } = first.body.data
    expect(first.body.data.revocation).toEqual({ took_ms, nodes, requests_since_click })
    expect(await actionsOf(id)).toEqual(['created', 'revoked'])
    expect(await eventsOf(id)).toEqual(['created', 'revoked'])
  })

  test('at the same time gives one revocation, and one receipt to all', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await createKey()
      const answers = await Promise.all([1, 2, 3].map(() => post(id, 'revoke')))
      answers.push(await post(id, 'revoke'))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      expect(await actionsOf(id)).toEqual(['created', 'revoked'])
    }
  })

  test('is done also for who asks and hangs up at once', async () => {
    const { id } = await createKey()
    const { secret } = await createKey()
    const url = new URL(await server.app.listen())
    // The secret can't be looked up before the connection is gone.
    const lock = await hold(sql`LOCK TABLE api_key_secrets`)
    const socket = connect(Number(url.port), 'localhost')
    const lines = [`DELETE /v1/api_keys/${id} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${secret}`, '', '']
    socket.write(lines.join('\r\n'))
    await lock.isWaitedFor()
    socket.destroy()
    const connections = promisify(server.app.http.server.getConnections).bind(server.app.http.server)
    await expect.poll(() => connections()).toBe(0)
    await lock.release()
    await expect.poll(async () => (await get(id)).status).toBe('revoked')
  })

  test('counts the requests that were let in between the click and the end', async () => {
    const { id, secret } = await createKey()
    await server.request('GET /v1/me', { key: secret })
    const lock = await hold(sql`SELECT 1 FROM api_keys WHERE id = ${id} FOR UPDATE`)
    const pending = post(id, 'revoke')
    await lock.isWaitedFor()
    for (let count = 0; count < 3; count++) {
      expect((await server.request('GET /v1/me', { key: secret })).status).toBe(200)
    }
    await lock.release()
    expect((await pending).body.data.requests_since_click).toBe(3)
    expect((await server.request('GET /v1/me', { key: secret })).status).toBe(401)
    expect((await post(id, 'revoke')).body.data.requests_since_click).toBe(3)
  })
})

/** Holds what the statement locks, so that whoever needs it waits. */
async function hold(statement: RawBuilder<unknown>) {
  const { promise: until, resolve: release } = Promise.withResolvers<void>()
  const { promise: held, resolve: onHeld } = Promise.withResolvers<void>()
  const done = server.db.transaction().execute(async (tx) => {
    await statement.execute(tx)
    onHeld()
    await until
  })
  await held
  const waiting = sql<{ pid: number }>`SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`
  return {
    isWaitedFor: () => expect.poll(async () => (await waiting.execute(server.db)).rows).toHaveLength(1),
    release: async () => {
      release()
      await done
    },
  }
}
