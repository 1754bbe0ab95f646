/** Members: who may change whom, that it takes effect at once, and that nothing gets past it, however it is timed. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Id } from '../../lib/ids.ts'
import type { Role } from '../../principal.ts'
import { createTestApp, type TestApp, type TestResponse } from '../../testing/app.ts'
import { addMember, type TestPerson, welcome } from '../../testing/people.ts'

let server: TestApp
let olga: TestPerson
let adam: TestPerson
let ann: TestPerson
let vic: TestPerson
/** Owner of another workspace. */
let rita: TestPerson
const ids: Record<string, Id<'mem'>> = {}
let rival: Id<'ws'>

beforeAll(async () => {
  server = await createTestApp({ env: { AGENTCLARA_SIGN_UP: 'open' } })
  // The first who signs up owns the workspace that nobody is in.
  olga = await welcome(server, 'Olga')
  adam = await welcome(server, 'Adam')
  ann = await welcome(server, 'Ann')
  vic = await welcome(server, 'Vic')
  rita = await welcome(server, 'Rita')
  ids.adam = await addMember(server, adam, 'admin')
  ids.ann = await addMember(server, ann, 'agent')
  ids.vic = await addMember(server, vic, 'viewer')
  rival = (await rita.ask('POST /workspaces', { body: { name: 'Rival' } })).body.data.id
  for (const member of (await olga.ask('GET /members')).body.data) if (member.is_me) ids.olga = member.id
  ids.rita = (await rita.ask('GET /members')).body.data[0].id
})
afterAll(() => server.close())

const roleOf = async (id: string | undefined): Promise<Role | undefined> =>
  (
    await server.db
      .selectFrom('members')
      .select('role')
      .where('id', '=', id as Id<'mem'>)
      .executeTakeFirst()
  )?.role
const setRole = (by: TestPerson, id: string | undefined, role: Role) =>
  by.ask(`PATCH /members/${id}`, { body: { role } })

/** Somebody to change, with a session of their own. */
async function join(name: string, role: Role): Promise<{ person: TestPerson; id: Id<'mem'> }> {
  const person = await welcome(server, name)
  return { person, id: await addMember(server, person, role) }
}

test('members see each other, with who is who and what they may do', async () => {
  const { status, body } = await vic.ask('GET /members')
  expect(status).toBe(200)
  expect(
    body.data.map(({ email, role, is_me: isMe }: Record<string, unknown>) => [email, role, isMe]),
  ).toEqual([
    [vic.email, 'viewer', true],
    [ann.email, 'agent', false],
    [adam.email, 'admin', false],
    [olga.email, 'owner', false],
  ])
  expect(body.data[0]).toMatchObject({
    user_id: vic.userId,
    name: 'Vic',
    two_factor_enabled: false,
    last_active_at: expect.stringMatching(/Z$/),
  })
  const byKey = await server.request('GET /v1/members?limit=3', {
    key: await server.createKey('test', ['members:read']),
  })
  expect(byKey.body.data).toHaveLength(3)
  expect(byKey.body.data.some((member: { is_me: boolean }) => member.is_me)).toBe(false)
  expect(byKey.body.pagination.has_more).toBe(true)
})

describe('nobody gets more than they are given:', () => {
  test('an admin makes no owner, of nobody, and touches none', async () => {
    for (const [id, role] of [
      [ids.vic, 'owner'],
      [ids.adam, 'owner'],
      [ids.olga, 'viewer'],
      [ids.olga, 'owner'],
    ] as const) {
      const { status, body } = await setRole(adam, id, role)
      expect([status, body.code], `${id} ${role}`).toEqual([403, 'insufficient_permissions'])
    }
    expect((await adam.ask(`DELETE /members/${ids.olga}`)).status).toBe(403)
    const invited = await adam.ask('POST /invitations', { body: { email: 'new@example.com', role: 'owner' } })
    expect(invited.status).toBe(403)
    expect([await roleOf(ids.olga), await roleOf(ids.adam), await roleOf(ids.vic)]).toEqual([
      'owner',
      'admin',
      'viewer',
    ])
  })

  test('agents and viewers change nobody, themselves neither', async () => {
    for (const person of [ann, vic]) {
      for (const id of [ids.vic, ids.ann, ids.adam]) {
        expect((await setRole(person, id, 'admin')).status).toBe(403)
        const isSelf = id === (person === ann ? ids.ann : ids.vic)
        if (!isSelf) expect((await person.ask(`DELETE /members/${id}`)).status).toBe(403)
      }
      const body = { email: 'new@example.com', role: 'viewer' }
      expect((await person.ask('POST /invitations', { body })).status).toBe(403)
    }
  })

  test('no key makes, changes or removes an owner, whatever it may do', async () => {
    const key = await server.createKey('live')
    const all: [string, unknown?][] = [
      [`PATCH /v1/members/${ids.vic}`, { role: 'owner' }],
      [`PUT /v1/members/${ids.olga}`, { role: 'admin' }],
      [`DELETE /v1/members/${ids.olga}`],
      ['POST /v1/invitations', { email: 'new@example.com', role: 'owner' }],
    ]
    for (const [route, body] of all) {
      const answer = await server.request(route, { key, body })
      expect([answer.status, answer.body.code], route).toEqual([403, 'insufficient_permissions'])
    }
  })

  test('a key gives no role that may do more than it', async () => {
    const key = await server.createKey('test', ['members:write', 'conversations:write'])
    const role = (role: Role) => server.request(`PATCH /v1/members/${ids.vic}`, { key, body: { role } })
    for (const wanted of ['admin', 'agent'] as const) expect((await role(wanted)).status).toBe(403)
    expect((await server.request(`DELETE /v1/members/${ids.ann}`, { key })).status).toBe(403)
  })

  test('a member of another workspace is none of this one', async () => {
    for (const id of [ids.rita, 'mem_none', 'x']) {
      for (const by of [olga, adam]) {
        expect((await setRole(by, id, 'viewer')).status).toBe(404)
        expect((await by.ask(`DELETE /members/${id}`)).status).toBe(404)
      }
    }
    const foreign = await olga.ask('GET /members', { workspace: rival })
    expect(foreign.status).toBe(404)
    expect(await roleOf(ids.rita)).toBe('owner')
  })

  test('a viewer’s session changes nothing, by any route that there is', async () => {
    const before = await server.db.selectFrom('events').select('id').execute()
    for (const { method, url, access } of server.app.http.routeTable) {
      if (method === 'GET' || method === 'HEAD' || !url.startsWith('/v1')) continue
      if (access === 'public' || access === 'person' || access === 'any_key') continue
      // These read: a question, a search. The other one is shown above.
      if (access.endsWith(':read')) continue
      const route = `${method} ${url.slice('/v1'.length).replace(':id', 'x')}`
      const { status, body } = await vic.ask(route, { body: method === 'DELETE' ? undefined : {} })
      expect([status, body.code], route).toEqual([403, 'insufficient_permissions'])
      expect(body.details.required, route).toBe(access)
    }
    expect(await server.db.selectFrom('events').select('id').execute()).toEqual(before)
  })

  test('an agent sees and touches no key', async () => {
    const { length } = await server.db.selectFrom('api_keys').select('id').execute()
    for (const { method, url, access } of server.app.http.routeTable) {
      if (!access.startsWith('api_keys:') || method === 'HEAD') continue
      const route = `${method} ${url.slice('/v1'.length).replace(':id', 'x')}`
      const { status } = await ann.ask(route, {
        body: ['GET', 'DELETE'].includes(method) ? undefined : {},
      })
      expect(status, route).toBe(403)
    }
    expect(await server.db.selectFrom('api_keys').select('id').execute()).toHaveLength(length)
  })
})

describe('what an owner or admin decides', () => {
  test('takes effect at the next request: another role, then none', async () => {
    const { person, id } = await join('Nina', 'viewer')
    const write = () => person.ask('POST /contacts', { body: { name: 'x' } })
    expect((await write()).status).toBe(403)
    expect((await setRole(adam, id, 'agent')).body.data).toMatchObject({ id, role: 'agent', is_me: false })
    expect((await write()).status).toBe(201)
    expect((await adam.ask(`DELETE /members/${id}`)).body.data).toEqual({ id, deleted: true })
    expect((await write()).status).toBe(403)
    expect((await person.ask('GET /contacts', { workspace: server.workspaceId })).status).toBe(404)
    expect((await person.ask('GET /workspaces')).body.data).toEqual([])
  })

  test('leaves the keys of who goes at work, and noted', async () => {
    const { person, id } = await join('Paul', 'agent')
    const owner = { type: 'person', email: person.email.toUpperCase() }
    const made = await adam.ask('POST /api_keys', { body: { name: 'paul', owner } })
    const key = made.body.data
    await olga.ask(`DELETE /members/${id}`)
    expect((await server.request('GET /v1/me', { key: key.secret })).status).toBe(200)
    expect((await olga.ask(`GET /api_keys/${key.id}`)).body.data.attention).toContain('owner_left')
  })

  test('may be to leave, for whoever it is, without a permission', async () => {
    const { person, id } = await join('Leo', 'viewer')
    expect((await person.ask(`DELETE /members/${id}`)).status).toBe(200)
    expect(await roleOf(id)).toBeUndefined()
  })

  test('needs a session that was proved lately', async () => {
    await server.db
      .updateTable('auth.sessions')
      .set({ proved_at: new Date(Date.now() - 16 * 60_000) })
      .where('user_id', '=', rita.userId)
      .execute()
    await expect
      .poll(async () => (await setRole(rita, ids.rita, 'owner')).body.code, { timeout: 10_000 })
      .toBe('proof_required')
    const body = { email: 'new@example.com', role: 'viewer' }
    expect((await rita.ask('POST /invitations', { body })).body.code).toBe('proof_required')
    expect((await rita.ask(`DELETE /workspaces/${rival}`, { body: { name: 'Rival' } })).body.code).toBe(
      'proof_required',
    )
  })
})

describe('the last owner stays,', () => {
  test('whether they would step down or leave', async () => {
    expect(await setRole(olga, ids.olga, 'admin')).toMatchObject({
      status: 409,
      body: { code: 'conflict', details: { reason: 'last_owner' } },
    })
    expect((await olga.ask(`DELETE /members/${ids.olga}`)).status).toBe(409)
    expect(await roleOf(ids.olga)).toBe('owner')
  })

  test('when two owners take the role from each other at once', async () => {
    const { person: oscar, id } = await join('Oscar', 'owner')
    for (let round = 0; round < 8; round++) {
      const isRemoval = round % 2 === 1
      const end = (by: TestPerson, of: string | undefined) =>
        isRemoval ? by.ask(`DELETE /members/${of}`) : setRole(by, of, 'admin')
      const [first, second] = await Promise.all([end(olga, id), end(oscar, ids.olga)])
      const owners = await server.db
        .selectFrom('members')
        .selectAll()
        .where('workspace_id', '=', server.workspaceId)
        .where('role', '=', 'owner')
        .execute()
      expect(owners, `round ${round}: ${first.status} ${second.status}`).toHaveLength(1)
      expect([first.status, second.status].filter((status) => status === 200)).toHaveLength(1)
      for (const [person, memberId] of [
        [olga, ids.olga],
        [oscar, id],
      ] as const) {
        const row = { workspace_id: server.workspaceId, user_id: person.userId, joined_at: new Date() }
        await server.db
          .insertInto('members')
          .values({ id: memberId as Id<'mem'>, role: 'owner', ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ role: 'owner' }))
          .execute()
        await expect
          .poll(async () => (await person.ask('GET /me')).body.data.role, { timeout: 10_000 })
          .toBe('owner')
      }
    }
    expect((await olga.ask(`DELETE /members/${id}`)).status).toBe(200)
  })
})

describe('a request that was under way', () => {
  /** The environment is held while `first` waits for it and `then` is done. */
  async function whileWaiting(
    first: () => Promise<TestResponse>,
    then: () => Promise<unknown>,
  ): Promise<TestResponse> {
    const holder = new pg.Client({ connectionString: server.url })
    await holder.connect()
    try {
      await holder.query('BEGIN')
      await holder.query(
        "SELECT FROM environments WHERE workspace_id = $1 AND name = 'test' FOR NO KEY UPDATE",
        [server.workspaceId],
      )
      const pending = first()
      const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
      await expect.poll(async () => (await holder.query(waiting)).rowCount, { timeout: 10_000 }).toBe(1)
      await then()
      await holder.query('COMMIT')
      return await pending
    } finally {
      await holder.end()
    }
  }
  const create = (by: TestPerson) => () => by.ask('POST /api_keys', { body: { name: 'in flight' } })
  const inFlight = () =>
    server.db.selectFrom('api_keys').select('id').where('name', '=', 'in flight').execute()

  test('when its member was removed changes nothing', async () => {
    const { person, id } = await join('Rob', 'admin')
    const answer = await whileWaiting(create(person), () => olga.ask(`DELETE /members/${id}`))
    expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_permissions' } })
    expect(await inFlight()).toEqual([])
  })

  test('when its member lost the role changes nothing', async () => {
    const { person, id } = await join('Dora', 'admin')
    const answer = await whileWaiting(create(person), () => setRole(olga, id, 'viewer'))
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict', details: { role: 'viewer' } } })
    expect(await inFlight()).toEqual([])
  })

  test('when its member was signed out changes nothing', async () => {
    const { person } = await join('Sid', 'admin')
    const answer = await whileWaiting(create(person), () =>
      server.db.deleteFrom('auth.sessions').where('user_id', '=', person.userId).execute(),
    )
    expect(answer.status).toBe(401)
    expect(await inFlight()).toEqual([])
  })
})

test('what a member does to a key is told with the member’s name', async () => {
  const made = (await adam.ask('POST /api_keys', { body: { name: 'by adam' }, environment: 'live' })).body
    .data
  expect(made).toMatchObject({
    environment: 'live',
    permissions: ['*'],
    created_by: { type: 'member', id: adam.userId, name: 'Adam' },
    owner: { type: 'app' },
  })
  await adam.ask(`POST /api_keys/${made.id}/revoke`, { environment: 'live' })
  const { body } = await olga.ask(`GET /api_keys/${made.id}/audit`, { environment: 'live' })
  expect(body.data.map(({ action, actor }: { action: string; actor: object }) => [action, actor])).toEqual([
    ['revoked', expect.objectContaining({ type: 'member', id: adam.userId, name: 'Adam' })],
    ['created', expect.objectContaining({ type: 'member', id: adam.userId, name: 'Adam' })],
  ])
})

test('what a member says to a customer is said by a person, who has the conversation from then on', async () => {
  const begun = await server.request('POST /v1/conversations', {
    key: await server.createKey('test'),
    body: { channel: 'web', customer_name: 'Kim' },
  })
  const { id } = begun.body.data
  const { body } = await ann.ask(`POST /conversations/${id}/messages`, { body: { content: 'Hello.' } })
  expect(body.data.message ?? body.data).toMatchObject({ sender: 'human', content: 'Hello.' })
  expect((await ann.ask(`GET /conversations/${id}`)).body.data.handled_by).toBe('human')
})

test('a token for a browser is made by a key: a member is told so', async () => {
  const contact = await adam.ask('POST /contacts', { body: { name: 'Kim' } })
  const answer = await adam.ask('POST /client_tokens', { body: { contact_id: contact.body.data.id } })
  expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_permissions'])
  expect(answer.body.hint).toMatch(/API key/)
})
