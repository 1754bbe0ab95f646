import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { Browser, ORIGIN, PASSWORD, signUp } from '../../testing/browser.ts'

let server: TestApp
let ada: Browser

// Passwords are slow to check, on purpose.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  server = await createTestApp()
  ada = await signUp(server, 'Ada')
})

afterAll(() => server.close())

const signIn = (body: unknown, headers: Record<string, string> = { origin: ORIGIN }, address?: string) =>
  server.request('POST /auth/sign-in/email', { body, headers, ...(address === undefined ? {} : { address }) })

test('the first person owns the workspace that was there', async () => {
  const { body } = await ada.must('GET /v1/me')
  expect(body.data).toMatchObject({
    type: 'member',
    user: { name: 'Ada', email: 'ada@example.com', two_factor_enabled: false },
    workspace: { name: 'Acme', plan: 'standard' },
    environment: 'test',
    role: 'owner',
    permissions: ['*'],
    proof: { proved_at: expect.any(String) },
  })
})

test('a key hears of itself as before, and that it is a key', async () => {
  const { body } = await server.request('GET /v1/me', { key: await server.createKey() })
  expect(body.data).toMatchObject({ type: 'api_key', name: 'test', workspace: { name: 'Acme' } })
})

test('the cookie is out of reach of scripts and other sites, and the answer holds no secret', async () => {
  const { headers, body, text } = await signIn({ email: 'Ada@Example.com', password: PASSWORD })
  const [cookie, ...others] = [headers['set-cookie'] ?? []].flat().map(String)
  expect(others).toEqual([])
  expect(cookie).toMatch(/^agentclara\.session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
  expect(headers['cache-control']).toBe('no-store')
  expect(body).toEqual({
    user: { id: expect.stringMatching(/^user_/), name: 'Ada', email: 'ada@example.com' },
  })
  const token = decodeURIComponent(cookie?.split(/[=;]/)[1] ?? '').split('.')[0] ?? ''
  expect(token.length).toBeGreaterThan(20)
  expect(text).not.toContain(token)
})

test('signing in makes a session of its own, and ends the one that the browser had', async () => {
  const browser = new Browser(server)
  browser.cookies.set('agentclara.session', 'chosen-by-somebody-else')
  await browser.signIn('ada@example.com')
  const first = browser.cookie
  expect(first).not.toContain('chosen')
  await browser.signIn('ada@example.com')
  expect(browser.cookie).not.toBe(first)
  expect((await server.request('GET /v1/me', { headers: { cookie: first } })).status).toBe(401)
  expect((await browser.request('GET /v1/me')).status).toBe(200)
})

test('who signs out is signed out before the answer', async () => {
  const browser = new Browser(server)
  await browser.signIn('ada@example.com')
  const { cookie } = browser
  await browser.must('GET /v1/me')
  await browser.must('POST /auth/sign-out', { body: {} })
  expect(browser.cookie).toBe('')
  const { status, body } = await server.request('GET /v1/me', { headers: { cookie } })
  expect([status, body.code]).toEqual([401, 'unauthorized'])
})

test.each([
  ['a cookie without its signature', (cookie: string) => cookie.replace(/\..*$/s, '')],
  ['a cookie whose token was changed', (cookie: string) => cookie.replace('session=', 'session=x')],
  ['no cookie', () => 'agentclara.session='],
])('%s is nobody', async (_what, change) => {
  const cookie = change(ada.cookie)
  expect((await server.request('GET /v1/me', { headers: { cookie } })).status).toBe(401)
})

test('a wrong password and an address that nobody has are answered alike', async () => {
  const wrong = await signIn({ email: 'ada@example.com', password: 'not her password' })
  const unknown = await signIn({ email: 'nobody@example.com', password: 'not her password' })
  expect([wrong.status, wrong.body.code]).toEqual([401, 'wrong_credentials'])
  const told = ({ body }: typeof wrong) => ({ ...body, request_id: '' })
  expect(told(unknown)).toEqual(told(wrong))
  expect(wrong.headers['set-cookie']).toBeUndefined()
})

describe('another site signs nobody in, out or up', () => {
  const body = { email: 'ada@example.com', password: PASSWORD }
  test.each([
    ['without an Origin', {}],
    ['from another one', { origin: 'https://evil.example' }],
    ['from one that begins like ours', { origin: `${ORIGIN}.evil.example` }],
    ['from one that is hidden', { origin: 'null' }],
    ['from another port', { origin: 'http://localhost:4001' }],
  ])('%s', async (_what, headers: Record<string, string>) => {
    for (const route of ['sign-in/email', 'sign-up/email', 'sign-out']) {
      const { status, body: answer } = await server.request(`POST /auth/${route}`, { headers, body })
      expect([status, answer.code], route).toEqual([403, 'origin_not_allowed'])
    }
  })

  test('a page that was opened by another name of this machine is our own', async () => {
    expect((await signIn(body, { origin: 'http://127.0.0.1:4000' })).status).toBe(200)
  })
})

test('what isn’t ours to use of Better Auth isn’t there', async () => {
  const browser = new Browser(server)
  await browser.signIn('ada@example.com')
  for (const route of [
    'GET /auth/get-session',
    'GET /auth/list-sessions',
    'GET /auth/ok',
    'GET /auth/reset-password/token?callbackURL=https://evil.example',
    'GET /auth/verify-email?token=x&callbackURL=https://evil.example',
    'POST /auth/delete-user',
    'POST /auth/change-email',
    'POST /auth/sign-in/social',
    'POST /auth/two-factor/get-totp-uri',
    'POST /auth/two-factor/view-backup-codes',
    'POST /auth/passkey/update-passkey',
  ]) {
    const { status } = await browser.request(route, route.startsWith('POST') ? { body: {} } : {})
    expect([route, status]).toEqual([route, 404])
  }
})

test('unknown fields are refused, and none leads anywhere', async () => {
  const body = { email: 'ada@example.com', password: PASSWORD, callbackURL: 'https://evil.example' }
  const { status, body: answer } = await signIn(body)
  expect([status, answer.code]).toEqual([400, 'unknown_field'])
})

test('the name can be changed, and nothing else by the way', async () => {
  const browser = new Browser(server)
  await browser.signIn('ada@example.com')
  await browser.must('POST /auth/update-user', { body: { name: 'Ada L.' } })
  expect((await browser.must('GET /v1/me')).body.data.user.name).toBe('Ada L.')
  const { status } = await browser.request('POST /auth/update-user', {
    body: { name: 'Ada', emailVerified: true },
  })
  expect(status).toBe(400)
  await browser.must('POST /auth/update-user', { body: { name: 'Ada' } })
})

test('changing the password ends the other sessions if asked to, and wants the old one', async () => {
  const [here, there] = [new Browser(server), new Browser(server)]
  for (const browser of [here, there]) await browser.signIn('ada@example.com')
  const change = (currentPassword: string, newPassword: string) =>
    here.request('POST /auth/change-password', {
      body: { currentPassword, newPassword, revokeOtherSessions: true },
    })
  expect((await change('not her password', 'another password')).body.code).toBe('wrong_password')
  expect((await change(PASSWORD, 'too short')).body.code).toBe('validation_failed')
  expect((await change(PASSWORD, 'another password')).status).toBe(200)
  expect((await here.request('GET /v1/me')).status).toBe(200)
  expect((await there.request('GET /v1/me')).status).toBe(401)
  expect((await change('another password', PASSWORD)).status).toBe(200)
  ada = here
})

describe('guessing', () => {
  test('an account is answered 429 after ten wrong passwords, from wherever they come', async () => {
    const body = { email: 'victim@example.com', password: 'a guess at it' }
    let wrong = 0
    const guess = () => signIn(body, { origin: ORIGIN }, `203.0.113.${wrong}`)
    let answer = await guess()
    for (; answer.status === 401 && wrong < 100; answer = await guess()) wrong += 1
    expect(wrong).toBeGreaterThanOrEqual(10)
    expect([answer.status, answer.body.details.policy]).toEqual([429, 'sign_in'])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('an address is answered 429 whatever accounts it tries, and also when it tries all at once', async () => {
    const beganMs = performance.now()
    const answers = await Promise.all(
      Array.from({ length: 45 }, (_, n) =>
        signIn(
          { email: `user${n}@example.com`, password: 'a common one' },
          { origin: ORIGIN },
          '198.51.100.7',
        ),
      ),
    )
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length
    const cameBack = Math.ceil((performance.now() - beganMs) / 6_000)
    expect(count(401)).toBeLessThanOrEqual(30 + cameBack)
    expect(count(429)).toBeGreaterThanOrEqual(15 - cameBack)
    expect(count(429)).toBeGreaterThan(0)
  })

  test('nobody else is held up by it, and what succeeds costs nothing', async () => {
    for (let n = 0; n < 11; n++) {
      const { status } = await signIn({ email: 'ada@example.com', password: PASSWORD })
      expect(status).toBe(200)
    }
  })
})
