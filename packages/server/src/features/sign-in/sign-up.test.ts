import { afterEach, describe, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { Browser, PASSWORD, signUp } from '../../testing/browser.ts'

// Each of these starts a server of its own, and makes several accounts on it.
vi.setConfig({ testTimeout: 120_000 })

let server: TestApp

afterEach(() => server.close())

const attempt = (email: string, invitation?: string) =>
  new Browser(server).request('POST /auth/sign-up/email', {
    body: { name: email, email, password: PASSWORD, ...(invitation === undefined ? {} : { invitation }) },
  })

const config = async () => (await server.request('GET /auth/config')).body.data

test('of several who come first at once, one is the first, and owns the workspace; nobody else gets in', async () => {
  server = await createTestApp({ env: { AGENTCLARA_SIGN_UP: 'closed' } })
  expect(await config()).toEqual({
    sign_up: 'closed',
    can_send_mail: false,
    is_first_user: true,
    providers: [],
  })
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => attempt(`${name}@example.com`)))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403, 403, 403])
  const members = await server.db.selectFrom('members').select(['role', 'workspace_id']).execute()
  expect(members).toEqual([{ role: 'owner', workspace_id: server.workspaceId }])
  expect(await server.db.selectFrom('auth.users').select('email_verified').execute()).toEqual([
    { email_verified: true },
  ])
  expect((await config()).is_first_user).toBe(false)
})

describe('by invitation, which is how it is unless it is told', () => {
  test('an account is made with the token and for the address that was invited, and for nothing else', async () => {
    server = await createTestApp()
    const owner = await signUp(server, 'Owner')
    expect((await attempt('guest@example.com')).body.code).toBe('sign_up_closed')
    const body = { email: 'Guest@example.com', role: 'agent' }
    const { url } = (await owner.must('POST /v1/invitations', { body })).body.data
    const token = url.split('#')[1]
    for (const [email, invitation] of [
      ['guest@example.com', 'x'.repeat(43)],
      ['other@example.com', token],
    ]) {
      const { status, body: answer } = await attempt(email ?? '', invitation)
      expect([email, status, answer.code]).toEqual([email, 403, 'sign_up_closed'])
    }
    const guest = await signUp(server, 'Guest', { invitation: token })
    await guest.must('POST /v1/invitations/accept', { body: { token } })
    expect((await guest.must('GET /v1/me')).body.data).toMatchObject({
      user: { email: 'guest@example.com', email_verified: false },
      workspace: { name: 'Acme' },
      role: 'agent',
    })
    // Used: it makes no second account.
    expect((await attempt('second@example.com', token)).status).toBe(403)
  })
})

describe('open', () => {
  test('everybody may, each address once, whatever its case and however many at once; nobody gets a workspace by it', async () => {
    server = await createTestApp({ env: { AGENTCLARA_SIGN_UP: 'open' } })
    await signUp(server, 'Owner')
    const answers = await Promise.all(
      ['New@example.com', 'new@example.com', 'NEW@example.com'].map((one) => attempt(one)),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
    expect((await attempt('new@EXAMPLE.com')).body.code).toBe('conflict')
    const browser = new Browser(server)
    await browser.signIn('new@example.com')
    expect((await browser.must('GET /v1/me')).body.data).toMatchObject({
      workspace: null,
      user: { email_verified: false },
    })
    for (const [field, value] of [
      ['password', 'too short'],
      ['password', 'x'.repeat(129)],
      ['email', 'none'],
      ['name', ' '],
      ['emailVerified', true],
    ] as const) {
      const body = { name: 'X', email: 'x@example.com', password: PASSWORD, [field]: value }
      const { status } = await browser.request('POST /auth/sign-up/email', { body })
      expect([field, status]).toEqual([field, 400])
    }
  })
})
