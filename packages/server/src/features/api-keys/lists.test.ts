/** Finding keys again: lists by state and by what deserves attention, and whose a key is. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Id } from '../../lib/ids.ts'
import { newId } from '../../lib/ids.ts'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { attentions, NOT_ENDED, statuses } from './status.ts'

const DAY_MS = 86_400_000

let server: TestApp
const clock = new TestClock()
let key: string

beforeAll(async () => {
  // Where days have 23 hours in March and 25 in October: a database is set to any zone.
  vi.stubEnv('PGOPTIONS', '-c timezone=Europe/Berlin')
  server = await createTestApp({ clock })
  vi.unstubAllEnvs()
  key = await server.createKey()
  // So that ninety days from now the clocks are another hour ahead.
  const year = new Date(clock.nowMs()).getUTCFullYear() + 1
  clock.advance(Date.UTC(year, 2, 1) - clock.nowMs())
})
afterAll(() => server.close())

const ahead = (ms: number) => new Date(clock.nowMs() + ms)
async function createKey(body: Record<string, unknown> = {}, by = key) {
  const made = await server.request('POST /v1/api_keys', { key: by, body: { name: 'x', ...body } })
  expect(made.status).toBe(201)
  return made.body.data as { id: Id<'key'>; secret: string }
}
const get = async (id: string) => (await server.request(`GET /v1/api_keys/${id}`, { key })).body.data

describe('lists', () => {
  test('by status and by note show exactly the keys whose own answer says so', async () => {
    const workspace = await server.createWorkspace('Lists')
    const reader = await server.createKey('test', ['*'], workspace.id)
    const { environmentId } = await server.app.workspaces.getScope(workspace.id, 'test')
    await server.app.ownership.leave(workspace.id as Id<'ws'>, 'gone@example.com')
    const [past, now, future] = [ahead(-1), ahead(0), ahead(1)]
    const used = [null, ahead(-90 * DAY_MS), ahead(-90 * DAY_MS + 1), ahead(-90 * DAY_MS - 30 * 60_000)]
    let count = 0
    const combinations = [null, past].flatMap((revoked_at) =>
      [null, past, now, future].flatMap((expires_at) =>
        [null, past].flatMap((quarantined_at) =>
          [undefined, past, now, future].map((endsAt) => {
            count += 1
            return { revoked_at, expires_at, quarantined_at, endsAt, index: count }
          }),
        ),
      ),
    )
    for (const { endsAt, index, ...state } of combinations) {
      const id = newId('key')
      const hasLeft = index % 3 === 0
      await server.db
        .insertInto('api_keys')
        .values({
          id,
          environment_id: environmentId,
          name: `key ${index}`,
          permissions: ['contacts:read'],
          created_by: 'admin',
          created_at: ahead(-100 * DAY_MS),
          updated_at: now,
          last_used_at: used[index % 4] ?? null,
          leaked_at: index % 5 < 2 ? past : null,
          browser_refused_at: index % 7 < 3 ? past : null,
          quarantine_reason: state.quarantined_at === null ? null : 'suspected',
          owner_type: index % 2 === 0 ? 'app' : 'person',
          owner_email: index % 2 === 0 ? null : hasLeft ? 'gone@example.com' : 'here@example.com',
          ...state,
        })
        .execute()
      const secret = (superseded_at: Date | null, ends_at: Date | null) => ({
        id: newId('sec'),
        api_key_id: id,
        hash: randomBytes(32),
        last_four: 'abcd',
        created_at: past,
        superseded_at,
        ends_at,
      })
      const secrets = [secret(null, null), ...(endsAt === undefined ? [] : [secret(ahead(-2), endsAt)])]
      await server.db.insertInto('api_key_secrets').values(secrets).execute()
    }
    interface Listed {
      id: string
      status: string
      attention: string[]
      owner: { email: string | null }
    }
    const list = async (query: Record<string, string>): Promise<Listed[]> => {
      const found: Listed[] = []
      for (let cursor = ''; ; ) {
        const parameters = new URLSearchParams({ ...query, limit: '100', ...(cursor && { cursor }) })
        const { body } = await server.request(`GET /v1/api_keys?${parameters}`, { key: reader })
        found.push(...body.data)
        cursor = body.pagination.next_cursor
        if (!body.pagination.has_more) return found
      }
    }
    const all = await list({})
    expect(all).toHaveLength(combinations.length + 1)
    for (const status of [undefined, NOT_ENDED, ...statuses]) {
      for (const attention of [undefined, ...attentions]) {
        for (const owner_email of [undefined, 'GONE@example.com']) {
          const query = {
            ...(status && { status }),
            ...(attention && { attention }),
            ...(owner_email && { owner_email }),
          }
          const expected = all.filter(
            (one) =>
              (status === undefined ||
                one.status === status ||
                (status === NOT_ENDED && !['revoked', 'expired'].includes(one.status))) &&
              (attention === undefined || one.attention.includes(attention)) &&
              (owner_email === undefined || one.owner.email === 'gone@example.com'),
          )
          expect((await list(query)).map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
        }
      }
    }
    for (const status of statuses) expect(all.some((one) => one.status === status)).toBe(true)
    for (const attention of attentions)
      expect(all.some((one) => one.attention.includes(attention))).toBe(true)
  })

  test('a key is found by any part of its name as it is written, by its id, and by the end of its secret', async () => {
    const { id, secret } = await createKey({ name: 'Nightly 100%_Export' })
    const found = async (search: string) => {
      const { body } = await server.request(`GET /v1/api_keys?${new URLSearchParams({ search })}`, { key })
      return body.data.map((one: { id: string }) => one.id)
    }
    for (const search of ['nightly', 'LY 100%_', ' export ', id, secret.slice(-4)]) {
      expect(await found(search)).toEqual([id])
    }
    for (const search of ['nightly export', '%%', 'x_Export', id.slice(0, -1)]) {
      expect(await found(search)).toEqual([])
    }
  })

  test('a key is unused from the 90th day on, to the millisecond, and until it is used', async () => {
    const { id, secret } = await createKey()
    const isListed = async () =>
      (await server.request('GET /v1/api_keys?attention=unused&limit=100', { key })).body.data.some(
        (one: { id: string }) => one.id === id,
      )
    clock.advance(90 * DAY_MS - 1)
    expect([await isListed(), (await get(id)).attention]).toEqual([false, ['never_expires']])
    clock.advance(1)
    expect([await isListed(), (await get(id)).attention]).toEqual([true, ['unused', 'never_expires']])
    await server.request('GET /v1/me', { key: secret })
    await server.request(`GET /v1/api_keys/${id}/usage`, { key })
    expect([await isListed(), (await get(id)).attention]).toEqual([false, ['never_expires']])
  })

  test.each(['status=gone', 'attention=old', 'owner_email=a&owner_email=b', 'owner=a'])(
    '?%s is refused',
    async (query) => {
      expect((await server.request(`GET /v1/api_keys?${query}`, { key })).status).toBe(400)
    },
  )
})

describe('owners', () => {
  test.each([
    [{ type: 'person' }, 'owner.email'],
    [{ type: 'person', email: null }, 'owner.email'],
    [{ type: 'person', email: 'nobody' }, 'owner.email'],
    [{ type: 'app', email: 'a@example.com' }, 'owner.email'],
    [{ type: 'robot' }, 'owner.type'],
    [{ email: 'a@example.com' }, 'owner.type'],
    [{ type: 'app', name: ' ' }, 'owner.name'],
    [{ type: 'app', team: 'x' }, 'owner.team'],
  ])('%j is refused naming %s', async (owner, param) => {
    const { id } = await createKey()
    for (const refused of [
      await server.request('POST /v1/api_keys', { key, body: { name: 'x', owner } }),
      await server.request(`PATCH /v1/api_keys/${id}`, { key, body: { owner } }),
    ]) {
      expect([refused.status, refused.body.param]).toEqual([400, param])
    }
  })

  test('who leaves is noted on their keys, which work on; who takes them over clears the note', async () => {
    const workspaceId = server.workspaceId
    const { ownership } = server.app
    const owner = { type: 'person', name: 'Ada', email: 'Ada@Example.com' }
    const { id, secret } = await createKey({ owner })
    const inLive = await createKey({ owner }, await server.createKey('live'))
    const over = await createKey({ owner })
    await server.request(`POST /v1/api_keys/${over.id}/revoke`, { key })
    const elsewhere = await server.createWorkspace('Elsewhere')
    const foreign = await createKey({ owner }, await server.createKey('test', ['*'], elsewhere.id))
    const left = await ownership.leave(workspaceId, 'ADA@example.com')
    expect(left.map((one) => one.id).toSorted()).toEqual([id, inLive.id].toSorted())
    expect(left.map((one) => one.id)).not.toContain(foreign.id)
    expect((await get(id)).attention).toContain('owner_left')
    expect((await get(over.id)).attention).toEqual([])
    expect((await server.request('GET /v1/me', { key: secret })).status).toBe(200)

    await ownership.leave(workspaceId, 'bob@example.com')
    await expect(ownership.handOver(workspaceId, 'ada@example.com', 'Bob@example.com')).rejects.toMatchObject(
      {
        code: 'conflict',
      },
    )
    expect((await get(id)).owner.email).toBe('ada@example.com')
    await ownership.comeBack(workspaceId, 'BOB@example.com')
    expect(await ownership.handOver(workspaceId, 'Ada@example.com', 'Bob@example.com')).toBe(2)
    expect(await get(id)).toMatchObject({ owner: { type: 'person', name: null, email: 'bob@example.com' } })
    expect((await get(id)).attention).not.toContain('owner_left')
    expect((await get(over.id)).owner.email).toBe('ada@example.com')
    const trail = (await server.request(`GET /v1/api_keys/${id}/audit`, { key })).body.data
    expect(trail[0]).toMatchObject({
      action: 'handed_over',
      actor: { type: 'admin' },
      changes: { owner: { from: 'ada@example.com', to: 'bob@example.com' } },
    })
    expect(await ownership.handOver(workspaceId, 'ada@example.com', 'bob@example.com')).toBe(0)
  })
})
