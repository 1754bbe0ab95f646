/** Invitations: they work once, for whom they were made, and no longer than who made them may give the role. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Id } from '../../lib/ids.ts'
import type { Role } from '../../principal.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { addMember, type TestPerson, welcome } from '../../testing/people.ts'

let server: TestApp
let olga: TestPerson
let adam: TestPerson
let nora: TestPerson
let adamId: Id<'mem'>
let count = 0

beforeAll(async () => {
  server = await createTestApp({ env: { AGENTCLARA_SIGN_UP: 'open' } })
  olga = await welcome(server, 'Olga')
  adam = await welcome(server, 'Adam')
  nora = await welcome(server, 'Nora', { email: 'nora@example.com' })
  adamId = await addMember(server, adam, 'admin')
})
afterAll(() => server.close())

const newEmail = () => `somebody-${++count}@example.com`
const invite = (by: TestPerson, email: string, role: Role) =>
  by.ask('POST /invitations', { body: { email, role } })
const tokenOf = (url: string) => url.split('#')[1] ?? ''
const lookUp = (token: string) => server.request('POST /v1/invitations/lookup', { body: { token } })
const accept = (by: TestPerson, token: string) => by.ask('POST /invitations/accept', { body: { token } })

/** An open one, and its token. */
async function make(by: TestPerson, role: Role = 'viewer', email = newEmail()) {
  const { status, body } = await invite(by, email, role)
  if (status !== 201) throw new Error(`inviting answered ${status}: ${JSON.stringify(body)}`)
  return { id: body.data.id as string, email, token: tokenOf(body.data.url) }
}

const members = (email: string) =>
  server.db
    .selectFrom('members')
    .innerJoin('auth.users', 'auth.users.id', 'members.user_id')
    .select('members.role')
    .where('auth.users.email', '=', email)
    .execute()

/** Nora is a member of nothing, and has left nothing. */
async function forgetNora(): Promise<void> {
  await server.db.deleteFrom('members').where('user_id', '=', nora.userId).execute()
  await server.db.deleteFrom('invitations').where('email', '=', nora.email).execute()
}

test('whoever holds the link and signs in with the address joins with the role, once', async () => {
  await forgetNora()
  const made = await invite(olga, 'Nora@Example.com', 'agent')
  expect(made.status).toBe(201)
  const { url, ...shown } = made.body.data
  expect(shown).toMatchObject({
    id: expect.stringMatching(/^inv_/),
    email: nora.email,
    role: 'agent',
    invited_by: { type: 'member', name: 'Olga' },
  })
  expect(url).toMatch(/^http:\/\/localhost:4000\/invite#[\w-]{43}$/)
  const token = tokenOf(url)
  expect((await lookUp(token)).body.data).toEqual({
    workspace_name: 'Acme',
    role: 'agent',
    email: nora.email,
    invited_by: 'Olga',
    has_account: true,
  })
  expect(await accept(adam, token)).toMatchObject({ status: 403, body: { code: 'insufficient_permissions' } })
  const joined = await accept(nora, token)
  expect(joined).toMatchObject({
    status: 200,
    body: {
      data: {
        email: nora.email,
        role: 'agent',
        is_me: true,
        workspace: { id: server.workspaceId, role: 'agent' },
      },
    },
  })
  expect((await nora.ask('GET /me')).body.data).toMatchObject({ role: 'agent', workspace: { name: 'Acme' } })
  // The answer may have been lost.
  expect((await accept(nora, token)).body).toEqual(joined.body)
  expect((await lookUp(token)).status).toBe(404)
  const { body } = await olga.ask('GET /invitations')
  expect(body.data.map(({ email }: { email: string }) => email)).not.toContain(nora.email)
})

test('one that was used makes nobody a member again who was removed since', async () => {
  await forgetNora()
  const { token } = await make(olga, 'agent', nora.email)
  const { id } = (await accept(nora, token)).body.data
  await olga.ask(`DELETE /members/${id}`)
  expect((await accept(nora, token)).status).toBe(404)
  expect(await members(nora.email)).toEqual([])
})

test('accepting by one link many times at once makes one member', async () => {
  for (let round = 0; round < 5; round++) {
    await forgetNora()
    const { token } = await make(olga, 'viewer', nora.email)
    const answers = await Promise.all([1, 2, 3, 4].map(() => accept(nora, token)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await members(nora.email)).toEqual([{ role: 'viewer' }])
  }
})

test('coming back takes the note from one’s keys that one left', async () => {
  await forgetNora()
  const owner = { type: 'person', email: nora.email }
  const { id } = (await olga.ask('POST /api_keys', { body: { name: 'nora', owner } })).body.data
  const attention = async () => (await olga.ask(`GET /api_keys/${id}`)).body.data.attention
  const first = await accept(nora, (await make(olga, 'agent', nora.email)).token)
  await nora.ask(`DELETE /members/${first.body.data.id}`)
  expect(await attention()).toContain('owner_left')
  await accept(nora, (await make(olga, 'agent', nora.email)).token)
  expect(await attention()).not.toContain('owner_left')
})

test('who is invited may sign up by the link, and joins', async () => {
  const { email, token } = await make(olga, 'viewer')
  expect((await lookUp(token)).body.data.has_account).toBe(false)
  const fresh = await welcome(server, 'Fresh', { email, invitation: token })
  expect((await accept(fresh, token)).body.data).toMatchObject({ role: 'viewer' })
})

describe('an invitation ends', () => {
  test('after seven days', async () => {
    const { id, token } = await make(olga)
    const { expires_at: expiresAt } = await server.db
      .selectFrom('invitations')
      .select('expires_at')
      .where('id', '=', id as Id<'inv'>)
      .executeTakeFirstOrThrow()
    const days = (expiresAt.getTime() - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(6.9)
    expect(days).toBeLessThanOrEqual(7)
    await server.db
      .updateTable('invitations')
      .set({ expires_at: new Date(Date.now() - 1) })
      .where('id', '=', id as Id<'inv'>)
      .execute()
    expect(await lookUp(token)).toMatchObject({ status: 404, body: { hint: expect.stringMatching(/ended/) } })
    expect((await accept(nora, token)).status).toBe(404)
  })

  test('when it is taken back', async () => {
    const { id, token } = await make(olga)
    expect((await adam.ask(`DELETE /invitations/${id}`)).status).toBe(200)
    expect((await lookUp(token)).status).toBe(404)
    expect((await adam.ask(`DELETE /invitations/${id}`)).status).toBe(404)
  })

  test('for its earlier link, when it is sent again', async () => {
    const { id, email, token } = await make(olga)
    const again = (await adam.ask(`POST /invitations/${id}/resend`, { body: {} })).body.data
    expect(again).toMatchObject({ id, email, invited_by: { name: 'Adam' } })
    expect((await lookUp(token)).status).toBe(404)
    expect((await lookUp(tokenOf(again.url))).status).toBe(200)
  })

  test('when whoever made it may no longer give the role', async () => {
    const admin = await make(adam, 'admin')
    const viewer = await make(adam, 'viewer')
    const other = await make(olga, 'viewer')
    const setRole = (role: Role) => olga.ask(`PATCH /members/${adamId}`, { body: { role } })
    await setRole('viewer')
    expect((await lookUp(admin.token)).status).toBe(404)
    expect((await lookUp(viewer.token)).status).toBe(404)
    expect((await lookUp(other.token)).status).toBe(200)
    await setRole('owner')
    const owner = await make(adam, 'owner')
    const agent = await make(adam, 'agent')
    await setRole('admin')
    expect((await lookUp(owner.token)).status).toBe(404)
    expect((await lookUp(agent.token)).status).toBe(200)
  })

  test('when whoever made it is removed', async () => {
    const gone = await welcome(server, 'Gone')
    const id = await addMember(server, gone, 'admin')
    const { token } = await make(gone)
    await olga.ask(`DELETE /members/${id}`)
    expect((await lookUp(token)).status).toBe(404)
  })

  test('when the key that made it is revoked or in quarantine', async () => {
    for (const end of ['revoke', 'quarantine']) {
      const key = (await olga.ask('POST /api_keys', { body: { name: 'inviter' } })).body.data
      const body = { email: newEmail(), role: 'viewer' }
      const made = await server.request('POST /v1/invitations', { key: key.secret, body })
      expect(made.body.data.invited_by).toEqual({ type: 'api_key', id: key.id, name: 'inviter' })
      const token = tokenOf(made.body.data.url)
      expect((await lookUp(token)).status).toBe(200)
      await olga.ask(`POST /api_keys/${key.id}/${end}`, { body: {} })
      expect((await lookUp(token)).status, end).toBe(404)
    }
  })
})

test('nobody is invited twice, nor who is a member already', async () => {
  const { id, email } = await make(olga)
  expect(await invite(adam, email.toUpperCase(), 'agent')).toMatchObject({
    status: 409,
    body: { details: { invitation_id: id } },
  })
  expect(await invite(olga, adam.email, 'agent')).toMatchObject({
    status: 409,
    body: { details: { member_id: adamId } },
  })
})

test('an invitation of another workspace is none of this one', async () => {
  const rita = await welcome(server, 'Rita')
  await rita.ask('POST /workspaces', { body: { name: 'Rival' } })
  const { id, token } = await make(rita)
  expect((await olga.ask(`DELETE /invitations/${id}`)).status).toBe(404)
  expect((await olga.ask(`POST /invitations/${id}/resend`, { body: {} })).status).toBe(404)
  expect((await lookUp(token)).body.data.workspace_name).toBe('Rival')
})

test('the token is kept as a hash alone, in no event and no log', async () => {
  const { id, token } = await make(olga)
  const row = await server.db
    .selectFrom('invitations')
    .selectAll()
    .where('id', '=', id as Id<'inv'>)
    .executeTakeFirstOrThrow()
  expect(JSON.stringify(row)).not.toContain(token)
  await accept(nora, token)
  await expect
    .poll(async () => (await olga.ask('GET /request_logs?limit=100')).text, { timeout: 10_000 })
    .toContain('/v1/invitations')
  expect((await olga.ask('GET /request_logs?limit=100')).text).not.toContain(token)
  const logs = await server.db.selectFrom('request_logs').selectAll().execute()
  expect(JSON.stringify(logs)).not.toContain(token)
  expect(server.logLines.join('\n')).not.toContain(token)
})

// Last: it uses up what an address may try.
test('guessing tokens is answered 429 before long', async () => {
  const statuses = new Set<number>()
  for (let tries = 0; tries < 60 && !statuses.has(429); tries++)
    statuses.add((await lookUp(`guess-${tries}`)).status)
  expect(statuses).toEqual(new Set([404, 429]))
})
