import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createApp } from '../../app.ts'
import { parseConfig } from '../../config.ts'
import { createTestApp, type TestApp, TestClock } from '../../testing/app.ts'
import { Browser, PASSWORD, signUp } from '../../testing/browser.ts'
import { addMember, type TestPerson, welcome } from '../../testing/people.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const clock = new TestClock()
const installationSecret = randomBytes(32)
let server: TestApp
let ada: Browser
let viewer: TestPerson

// Passwords are slow to check, on purpose.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  server = await createTestApp({
    clock,
    installationSecret,
    env: { AGENTCLARA_SIGN_UP: 'open' },
  })
  ada = await signUp(server, 'Ada')
  viewer = await welcome(server, 'Vera')
  await addMember(server, viewer, 'viewer')
})
afterAll(() => server.close())

beforeEach(() => {
  ada.headers = {}
})

describe('a session on /v1', () => {
  test('reads and writes as the member, in the environment that the page shows', async () => {
    await ada.must('POST /v1/contacts', { body: { name: 'In test' } })
    ada.headers = { 'agentclara-environment': 'live' }
    await ada.must('POST /v1/contacts', { body: { name: 'In live' } })
    const names = async () =>
      (await ada.must('GET /v1/contacts')).body.data.map(({ name }: { name: string }) => name)
    expect(await names()).toEqual(['In live'])
    ada.headers = { 'agentclara-environment': 'test' }
    expect(await names()).toEqual(['In test'])
    ada.headers = { 'agentclara-environment': 'production' }
    expect((await ada.request('GET /v1/contacts')).body.param).toBe('AgentClara-Environment')
  })

  test('is of the workspace that the page names, and of no workspace of others', async () => {
    const { body } = await ada.must('POST /v1/workspaces', { body: { name: 'Second' } })
    const stranger = await signUp(server, 'Stranger')
    const foreign = (await stranger.must('POST /v1/workspaces', { body: { name: 'Foreign' } })).body.data.id
    const workspaceOf = async (id: string) => {
      const answer = await ada.request('GET /v1/me', { headers: { 'agentclara-workspace': id } })
      return answer.body.data?.workspace.name ?? answer.status
    }
    expect(await workspaceOf(body.data.id)).toBe('Second')
    expect(await workspaceOf(server.workspaceId)).toBe('Acme')
    const missing = 'ws_00000000000000000000000000'
    expect([await workspaceOf(foreign), await workspaceOf(missing)]).toEqual([404, 404])
    ada.headers = { 'agentclara-workspace': foreign }
    expect((await ada.request('POST /v1/contacts', { body: { name: 'x' } })).status).toBe(404)
    // What is about the person works whatever the page shows.
    expect((await ada.request('GET /v1/me/sessions')).status).toBe(200)
  })

  test('of somebody in no workspace says so, and reaches nothing', async () => {
    const nobody = await signUp(server, 'Nobody')
    expect((await nobody.must('GET /v1/me')).body.data).toMatchObject({
      type: 'member',
      workspace: null,
      role: null,
      permissions: [],
    })
    const { status, body } = await nobody.request('GET /v1/contacts', {
      headers: { 'agentclara-fault': '500' },
    })
    expect([status, body.code]).toEqual([403, 'insufficient_permissions'])
  })

  test('writes from the server’s own pages alone, and reads from wherever', async () => {
    for (const origin of ['https://evil.example', 'null', '']) {
      const headers = { origin }
      const { status, body } = await ada.request('POST /v1/contacts', { headers, body: { name: 'x' } })
      expect([status, body.code]).toEqual([403, 'origin_not_allowed'])
      for (const route of ['DELETE /v1/contacts/none', 'PATCH /v1/contacts/none', 'POST /v1/me/proof'])
        expect((await ada.request(route, { headers, body: {} })).body.code, route).toBe('origin_not_allowed')
    }
    const bare = await server.request('GET /v1/contacts', { headers: { cookie: ada.cookie } })
    expect([bare.status, bare.headers['access-control-allow-origin']]).toEqual([200, undefined])
  })

  test('counts for nothing beside an Authorization header, whatever is in it', async () => {
    for (const authorization of ['Bearer sk_test_none', 'Basic x', '']) {
      const { status } = await ada.request('GET /v1/contacts', { headers: { authorization } })
      expect([authorization, status]).toEqual([authorization, 401])
    }
    const key = await server.createKey('live', ['contacts:read'])
    const { body } = await ada.request('GET /v1/me', { headers: { authorization: `Bearer ${key}` } })
    expect(body.data).toMatchObject({ type: 'api_key', environment: 'live' })
  })

  test('may do what the role may: a viewer reads, and is told who could do more', async () => {
    expect((await viewer.ask('GET /api_keys')).status).toBe(200)
    const { status, body } = await viewer.ask('POST /contacts', { body: { name: 'x' } })
    expect([status, body.code]).toEqual([403, 'insufficient_permissions'])
    expect(body.details).toMatchObject({ required: 'contacts:write', role: 'viewer' })
  })

  test('is limited by the member, generously, and told what is left', async () => {
    const { headers } = await ada.must('GET /v1/contacts')
    expect(headers['ratelimit-policy']).toBe('"member";q=3000;w=60')
    const before = Number(headers['x-ratelimit-remaining'])
    const refused = await ada.request('POST /v1/contacts', { headers: { origin: 'null' }, body: {} })
    // What is refused costs nothing.
    expect(Number(refused.headers['x-ratelimit-remaining'])).toBeGreaterThanOrEqual(before)
    expect((await ada.must('GET /v1/me/sessions')).headers['ratelimit-policy']).toBe('"member";q=3000;w=60')
  })

  test('has its writes once by an Idempotency-Key, and nobody else’s with the same one', async () => {
    const headers = { 'idempotency-key': 'session-1' }
    const create = (browser: Browser) =>
      browser.request('POST /v1/contacts', { headers, body: { name: 'Once' } })
    const [first, second] = [await create(ada), await create(ada)]
    expect(second.text).toBe(first.text)
    expect(second.headers['idempotent-replayed']).toBe('true')
    const key = await server.createKey()
    const other = await server.request('POST /v1/contacts', { key, headers, body: { name: 'Once' } })
    expect(other.body.data.id).not.toBe(first.body.data.id)
  })

  test('is in the logs with what it writes and what fails, by the name of who it is', async () => {
    await ada.must('GET /v1/contacts?limit=7')
    const failed = await ada.request('GET /v1/contacts/none')
    const made = await ada.must('POST /v1/contacts', { body: { name: 'Logged' } })
    const log = async (id: unknown) => (await ada.must(`GET /v1/request_logs/${id}`)).body.data
    await expect
      .poll(async () => (await ada.request(`GET /v1/request_logs/${made.headers['x-request-id']}`)).status)
      .toBe(200)
    expect(await log(made.headers['x-request-id'])).toMatchObject({
      api_key_id: null,
      secret_hint: null,
      member: { id: expect.stringMatching(/^mem_/), name: 'Ada' },
      request_body: '{"name":"Logged"}',
    })
    expect(await log(failed.headers['x-request-id'])).toMatchObject({ status: 404 })
    const { text } = await ada.must('GET /v1/request_logs?limit=100')
    expect(text).not.toContain('limit=7')
    const { cookie } = ada
    expect(text).not.toContain(decodeURIComponent(cookie).split(/[=.]/)[2] ?? cookie)
  })
})

describe('where one is signed in', () => {
  test('is listed, and others can be ended: one, or all but this', async () => {
    const [phone, tablet] = [new Browser(server), new Browser(server)]
    for (const browser of [phone, tablet]) {
      browser.headers = { 'user-agent': 'Phone/1.0' }
      await browser.signIn('ada@example.com')
      await browser.must('GET /v1/me')
    }
    const { data } = (await ada.must('GET /v1/me/sessions?limit=100')).body
    const current = data.filter(({ is_current: isCurrent }: { is_current: boolean }) => isCurrent)
    expect(current).toEqual([
      expect.objectContaining({ id: expect.stringMatching(/^ses_/), ip: '127.0.0.1' }),
    ])
    expect(data[0]).toMatchObject({ user_agent: 'Phone/1.0', is_current: false })
    await ada.must(`DELETE /v1/me/sessions/${data[0].id}`)
    expect((await tablet.request('GET /v1/me')).status).toBe(401)
    expect((await phone.request('GET /v1/me')).status).toBe(200)
    expect((await viewer.ask(`DELETE /me/sessions/${data[1].id}`)).status).toBe(404)
    const { revoked } = (await ada.must('POST /v1/me/sessions/revoke_others', { body: {} })).body.data
    expect(revoked).toBeGreaterThanOrEqual(1)
    expect((await phone.request('GET /v1/me')).status).toBe(401)
    expect((await ada.must('GET /v1/me/sessions')).body.data).toHaveLength(1)
  })
})

describe('what ends', () => {
  test('ends on every server: a session, a role', async () => {
    const config = parseConfig({
      AGENTCLARA_DATABASE_POOL_SIZE: '3',
      AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS: '0',
    })
    const log = pino({ level: 'silent' })
    const other = await createApp({ config, target: server.url, installationSecret, log, clock })
    try {
      const agent = await welcome(server, 'Agnes')
      const memberId = await addMember(server, agent, 'agent')
      const browser = new Browser(server)
      await browser.signIn('agnes@example.com')
      const there = async (url: string) => {
        const headers = { cookie: browser.cookie }
        const { statusCode, body } = await other.http.inject({ url, headers })
        return { status: statusCode, data: JSON.parse(body).data }
      }
      const settles = { timeout: 10_000 }
      await expect.poll(async () => (await there('/v1/me')).data?.role, settles).toBe('agent')
      await ada.must(`PATCH /v1/members/${memberId}`, { body: { role: 'viewer' } })
      // Here before the answer, elsewhere as soon as it is heard.
      expect((await browser.must('GET /v1/me')).body.data.role).toBe('viewer')
      await expect.poll(async () => (await there('/v1/me')).data?.role, settles).toBe('viewer')
      await browser.must('POST /auth/sign-out', { body: {} })
      await agent.ask('GET /me')
      await browser.signIn('agnes@example.com')
      await expect.poll(async () => (await there('/v1/me')).status, settles).toBe(200)
      await agent.ask('POST /me/sessions/revoke_others', { body: {} })
      await expect.poll(async () => (await there('/v1/me')).status, settles).toBe(401)
    } finally {
      await other.close()
    }
  })

  test('ends the streams that it opened', async () => {
    const browser = new Browser(server)
    await browser.signIn('ada@example.com')
    await server.app.http.listen({ host: '127.0.0.1', port: 0 })
    const { port } = server.app.http.server.address() as AddressInfo // it listens on a port
    const { cookie } = browser
    const stream = await fetch(`http://127.0.0.1:${port}/v1/events/stream`, { headers: { cookie } })
    expect(stream.status).toBe(200)
    await browser.must('POST /auth/sign-out', { body: {} })
    await ada.must('POST /v1/contacts', { body: { name: 'After it' } })
    expect(await stream.text()).not.toContain('After it')
  })
})

describe('what touches secrets', () => {
  // Time goes on from test to test.
  beforeEach(() => ada.must('POST /v1/me/proof', { body: { password: PASSWORD } }))

  test('wants a proof that is no older than 15 minutes: the password again', async () => {
    const create = () => ada.request('POST /v1/api_keys', { body: { name: 'by a member' } })
    const key = (await create()).body.data.id
    expect((await ada.must('GET /v1/me')).body.data.proof).not.toBeNull()
    clock.advance(15 * MINUTE_MS)
    expect((await ada.must('GET /v1/me')).body.data.proof).toBeNull()
    for (const [route, body] of [
      ['POST /v1/api_keys', { name: 'x' }],
      [`PATCH /v1/api_keys/${key}`, { name: 'x' }],
      [`POST /v1/api_keys/${key}/rotate`, {}],
      [`POST /v1/api_keys/${key}/rotate/finish`, {}],
      [`POST /v1/api_keys/${key}/rotate/cancel`, {}],
      [`POST /v1/api_keys/${key}/release`, {}],
      [`POST /v1/api_keys/${key}/revoke`, {}],
      [`DELETE /v1/api_keys/${key}`, undefined],
      ['POST /v1/webhooks/none/rotate_secret', {}],
      ['POST /v1/invitations', { email: 'x@example.com', role: 'viewer' }],
      [`DELETE /v1/workspaces/${server.workspaceId}`, { name: 'Acme' }],
    ] as const) {
      const { status, body: answer } = await ada.request(route, body === undefined ? {} : { body })
      expect([route, status, answer.code]).toEqual([route, 403, 'proof_required'])
    }
    // Nothing else asks, and quarantine least of all.
    expect((await ada.request('POST /v1/contacts', { body: { name: 'x' } })).status).toBe(201)
    expect((await ada.request(`POST /v1/api_keys/${key}/quarantine`, { body: {} })).status).toBe(200)

    const wrong = await ada.request('POST /v1/me/proof', { body: { password: 'not her password' } })
    expect([wrong.status, wrong.body.code]).toEqual([403, 'wrong_password'])
    expect((await create()).status).toBe(403)
    const { data } = (await ada.must('POST /v1/me/proof', { body: { password: PASSWORD } })).body
    expect(Date.parse(data.valid_until) - Date.parse(data.proved_at)).toBe(15 * MINUTE_MS)
    expect((await create()).status).toBe(201)
  })

  test('one session’s proof is no proof of another', async () => {
    const other = new Browser(server)
    await other.signIn('ada@example.com')
    clock.advance(15 * MINUTE_MS)
    await ada.must('POST /v1/me/proof', { body: { password: PASSWORD } })
    expect((await other.request('POST /v1/api_keys', { body: { name: 'x' } })).body.code).toBe(
      'proof_required',
    )
  })

  test('a password isn’t guessed by proving', async () => {
    const guesser = await signUp(server, 'Guesser')
    const guess = (password: string) => guesser.request('POST /v1/me/proof', { body: { password } })
    let wrong = 0
    let answer = await guess('the first guess')
    for (; answer.status === 403 && wrong < 100; answer = await guess(`guess number ${wrong}`)) wrong += 1
    expect(wrong).toBeGreaterThanOrEqual(10)
    expect([answer.status, answer.body.details.policy]).toEqual([429, 'sign_in'])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('a proof is by a password or a passkey, not both and not neither', async () => {
    for (const body of [{}, { password: PASSWORD, passkey: {} }])
      expect((await ada.request('POST /v1/me/proof', { body })).body.code).toBe('validation_failed')
    expect((await ada.request('POST /v1/me/proof/passkey_options', { body: {} })).status).toBe(409)
  })
})

// The last one: a session that is made has its 30 days by the machine's own clock, which stands far behind then.
test('a session goes on while it is used, its cookie renewed each day, and ends after 30 days unused', async () => {
  for (let day = 0; day < 40; day += 20) {
    clock.advance(20 * DAY_MS)
    const { headers } = await ada.must('GET /v1/me')
    expect(String(headers['set-cookie'])).toMatch(/^agentclara\.session=.*; Max-Age=2592000; .*HttpOnly/)
    expect((await ada.must('GET /v1/me')).headers['set-cookie']).toBeUndefined()
  }
  clock.advance(30 * DAY_MS)
  expect((await ada.request('GET /v1/me')).status).toBe(401)
})
