/** Workspaces of people: their own and no others; one that is deleted is gone at once, and nothing of it stays. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../app.ts'
import { parseConfig } from '../../config.ts'
import type { Id } from '../../lib/ids.ts'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { addMember, type TestPerson, welcome } from '../../testing/people.ts'

const clock = new TestClock()
const installationSecret = randomBytes(32)
let server: TestApp
let olga: TestPerson
let adam: TestPerson
let rita: TestPerson

beforeAll(async () => {
  server = await createTestApp({
    clock,
    installationSecret,
    env: { AGENTCLARA_SIGN_UP: 'open', WEBHOOK_RETRY_SECONDS: '1' },
  })
  olga = await welcome(server, 'Olga')
  adam = await welcome(server, 'Adam')
  rita = await welcome(server, 'Rita')
  await addMember(server, adam, 'admin')
})
afterAll(() => server.close())

const create = async (by: TestPerson, name: string): Promise<Id<'ws'>> =>
  (await by.ask('POST /workspaces', { body: { name } })).body.data.id

test('the first who signs up owns the workspace that nobody was in; the next one is in none', async () => {
  expect((await olga.ask('GET /workspaces')).body.data).toMatchObject([
    { id: server.workspaceId, name: 'Acme', role: 'owner', plan: 'standard' },
  ])
  expect((await rita.ask('GET /workspaces')).body.data).toEqual([])
  expect((await rita.ask('GET /contacts')).status).toBe(403)
})

test('who makes one owns it, with a test and a live environment; names need not differ', async () => {
  const made = await rita.ask('POST /workspaces', { body: { name: ' Acme ' } })
  expect(made).toMatchObject({
    status: 201,
    body: { data: { name: 'Acme', role: 'owner', plan: 'standard' } },
  })
  const { id } = made.body.data
  for (const environment of ['test', 'live'] as const) {
    const { body } = await rita.ask('GET /me', { workspace: id, environment })
    expect(body.data).toMatchObject({ environment, role: 'owner', workspace: { id } })
    expect(
      (await rita.ask('POST /contacts', { workspace: id, environment, body: { name: 'x' } })).status,
    ).toBe(201)
  }
})

test('a request that is sent again under its Idempotency-Key makes one, and is answered as before', async () => {
  const owned = async () => (await rita.ask('GET /workspaces?limit=100')).body.data.length
  const before = await owned()
  const headers = { 'idempotency-key': 'first-workspace' }
  const ask = (by: TestPerson, name: string) => by.ask('POST /workspaces', { body: { name }, headers })
  const [made, again] = await Promise.all([ask(rita, 'Once'), ask(rita, 'Once')])
  expect([made.status, again.status]).toEqual([201, 201])
  expect(again.text).toBe(made.text)
  expect(await owned()).toBe(before + 1)
  expect((await ask(rita, 'Other')).body.code).toBe('idempotency_key_reused')
  // The key is the person's own.
  expect((await ask(olga, 'Once')).body.data.id).not.toBe(made.body.data.id)
})

test('is renamed by owners and admins, and called so at once', async () => {
  const id = await create(olga, 'Before')
  const key = (await olga.ask('POST /api_keys', { workspace: id, body: { name: 'k' } })).body.data.secret
  const nameSeen = async () => (await server.request('GET /v1/me', { key })).body.data.workspace.name
  expect(await nameSeen()).toBe('Before')
  expect((await olga.ask('GET /me', { workspace: id })).body.data.workspace.name).toBe('Before')
  const renamed = await olga.ask(`PATCH /workspaces/${id}`, { body: { name: 'After' } })
  expect(renamed.body.data).toMatchObject({ id, name: 'After' })
  expect((await olga.ask('GET /me', { workspace: id })).body.data.workspace.name).toBe('After')
  await expect.poll(nameSeen, { timeout: 10_000 }).toBe('After')
  const viewer = await welcome(server, 'Vic')
  await addMember(server, viewer, 'viewer', id)
  expect((await viewer.ask(`PUT /workspaces/${id}`, { body: { name: 'Mine' } })).status).toBe(403)
})

test('of others there is none: 404, whatever is asked', async () => {
  const id = await create(rita, 'Private')
  for (const other of [id, 'ws_none', 'x']) {
    expect((await olga.ask(`GET /workspaces/${other}`)).status).toBe(404)
    expect((await olga.ask(`PATCH /workspaces/${other}`, { body: { name: 'Mine' } })).status).toBe(404)
    expect((await olga.ask(`DELETE /workspaces/${other}`, { body: { name: 'Private' } })).status).toBe(404)
    expect((await olga.ask('GET /members', { workspace: other })).status).toBe(404)
  }
  expect((await rita.ask(`GET /workspaces/${id}`)).body.data.name).toBe('Private')
})

test('no key makes, sees or ends workspaces', async () => {
  const key = await server.createKey('live')
  for (const [route, body] of [
    ['GET /v1/workspaces'],
    ['POST /v1/workspaces', { name: 'x' }],
    [`GET /v1/workspaces/${server.workspaceId}`],
    [`PATCH /v1/workspaces/${server.workspaceId}`, { name: 'x' }],
    [`DELETE /v1/workspaces/${server.workspaceId}`, { name: 'Acme' }],
  ] as const)
    expect((await server.request(route, { key, body })).status, route).toBe(403)
})

test('is deleted by an owner alone, who types its name', async () => {
  const remove = (by: TestPerson, name: string) =>
    by.ask(`DELETE /workspaces/${server.workspaceId}`, { body: { name } })
  expect((await remove(adam, 'Acme')).status).toBe(403)
  expect((await remove(rita, 'Acme')).status).toBe(404)
  expect(await remove(olga, 'acme')).toMatchObject({ status: 400, body: { param: 'name' } })
  expect((await olga.ask(`DELETE /workspaces/${server.workspaceId}`)).status).toBe(400)
  expect((await olga.ask(`GET /workspaces/${server.workspaceId}`)).status).toBe(200)
})

/** Rows of each table that belong to these environments or this workspace, but for tables that have none. */
async function rowsOf(
  workspaceId: string,
  environmentIds: readonly string[],
): Promise<Record<string, number>> {
  const { rows: columns } = await sql<{ name: string; column: string }>`
    SELECT c.table_name AS name, c.column_name AS column FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
       AND (c.column_name IN ('environment_id', 'workspace_id') OR (c.table_name = 'workspaces' AND c.column_name = 'id'))`.execute(
    server.db,
  )
  const found: Record<string, number> = {}
  for (const { name, column } of columns) {
    const { rows } = await sql<{ count: number }>`
      SELECT count(*) AS count FROM ${sql.table(name)}
       WHERE ${sql.ref(column)} = ANY (${[workspaceId, ...environmentIds]}::text[])`.execute(server.db)
    if (Number(rows[0]?.count) > 0) found[name] = Number(rows[0]?.count)
  }
  return found
}

test('what is deleted is gone for everybody before the answer, and of its rows none is left after minutes', async () => {
  const id = await create(olga, 'Doomed')
  const memberId = await addMember(server, adam, 'admin', id)
  const ask = (route: string, body?: unknown) => olga.ask(route, { workspace: id, body })
  const made = (await ask('POST /api_keys', { name: 'k' })).body.data
  const key = made.secret as string
  const contact = (await ask('POST /contacts', { name: 'Kim', email: 'kim@example.com' })).body.data
  const token = await server.request('POST /v1/client_tokens', { key, body: { contact_id: contact.id } })
  await ask('POST /conversations', {
    channel: 'web',
    customer_id: contact.id,
    message: 'Hi',
    sender: 'customer',
  })
  await ask('POST /knowledge/sources', { type: 'text', title: 't', content: 'We open at nine.' })
  await ask('POST /webhooks', { url: 'http://127.0.0.1:9/hook', events: ['*'] })
  await ask('POST /invitations', { email: 'late@example.com', role: 'viewer' })
  await server.request('POST /v1/contacts', {
    key,
    body: { name: 'Once' },
    headers: { 'idempotency-key': 'doomed' },
  })
  const environments = await server.db
    .selectFrom('environments')
    .select('id')
    .where('workspace_id', '=', id)
    .execute()
  const rows = () =>
    rowsOf(
      id,
      environments.map((environment) => environment.id),
    )
  // All that may be there is there: otherwise this would show less than it says.
  await expect
    .poll(async () => Object.keys(await rows()), { timeout: 20_000 })
    .toEqual(
      expect.arrayContaining([
        'api_key_audit',
        'api_key_clients',
        'api_key_usage',
        'api_keys',
        'contact_addresses',
        'contacts',
        'conversations',
        'deliveries',
        'delivery_attempts',
        'environments',
        'events',
        'idempotency_keys',
        'invitations',
        'knowledge_sources',
        'members',
        'messages',
        'request_logs',
        'turns',
        'webhooks',
        'workspaces',
      ]),
    )

  const gone = await olga.ask(`DELETE /workspaces/${id}`, { body: { name: 'Doomed' } })
  expect(gone).toMatchObject({ status: 200, body: { data: { id, deleted: true } } })
  expect((await server.request('GET /v1/me', { key })).status).toBe(401)
  const byToken = await server.request('GET /v1/conversations', { key: token.body.data.token })
  expect(byToken.status).toBe(401)
  for (const person of [olga, adam]) {
    expect((await person.ask('GET /contacts', { workspace: id })).status).toBe(404)
    expect((await person.ask(`GET /workspaces/${id}`)).status).toBe(404)
  }
  expect(await server.app.workspaces.list()).not.toContainEqual(expect.objectContaining({ id }))
  expect((await olga.ask(`DELETE /workspaces/${id}`, { body: { name: 'Doomed' } })).status).toBe(404)
  const left = await rows()
  for (const table of ['members', 'invitations', 'webhooks']) expect(left).not.toHaveProperty(table)
  expect(await server.db.selectFrom('members').select('id').where('id', '=', memberId).execute()).toEqual([])

  await server.app.workspacePurge.run()
  expect(await rows()).toHaveProperty('workspaces')
  clock.advance(3 * 60_000)
  await expect
    .poll(
      async () => {
        await server.app.workspacePurge.run()
        return rows()
      },
      { timeout: 20_000 },
    )
    .toEqual({})
  // What is another’s is where it was.
  expect((await olga.ask('GET /me', { workspace: server.workspaceId })).status).toBe(200)
  expect((await server.request('GET /v1/me', { key })).status).toBe(401)
})

test('a key that is made while its workspace is deleted doesn’t outlive it', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await create(olga, `Brief ${round}`)
    const secrets = await Promise.all([
      ...[1, 2, 3].map(
        async () =>
          (await olga.ask('POST /api_keys', { workspace: id, body: { name: 'k' } })).body.data?.secret,
      ),
      olga.ask(`DELETE /workspaces/${id}`, { body: { name: `Brief ${round}` } }),
    ])
    for (const secret of secrets) {
      if (typeof secret !== 'string') continue
      expect((await server.request('GET /v1/me', { key: secret })).status).toBe(401)
    }
  }
})

test('every other server refuses the keys, too, when the answer is there', async () => {
  const other = await createApp({
    config: parseConfig({ AGENTCLARA_DATABASE_POOL_SIZE: '5', AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS: '0' }),
    target: server.url,
    installationSecret,
    log: pino({ level: 'silent' }),
    clock,
  })
  try {
    const there = async (secret: string) =>
      (await other.http.inject({ url: '/v1/me', headers: { authorization: `Bearer ${secret}` } })).statusCode
    for (let round = 0; round < 5; round++) {
      const id = await create(olga, 'Shared')
      const make = async () =>
        (await olga.ask('POST /api_keys', { workspace: id, body: { name: 'k' } })).body.data.secret
      const secrets = [await make(), await make(), await make()]
      for (const secret of secrets) expect(await there(secret)).toBe(200)
      expect((await olga.ask(`DELETE /workspaces/${id}`, { body: { name: 'Shared' } })).status).toBe(200)
      for (const secret of secrets) expect(await there(secret), `round ${round}`).toBe(401)
    }
  } finally {
    await other.close()
  }
})
