import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { Browser, ORIGIN, PASSWORD } from '../../testing/browser.ts'
import { Authenticator } from './testing/authenticator.ts'
import { startMailbox } from './testing/mailbox.ts'
import { totp } from './testing/totp.ts'

const BASE = 'https://clara.example.com'
const LINK = new RegExp(`${BASE}/reset-password#(\\w+)`)
const NEW_PASSWORD = 'another horse entirely'
let mailbox: Awaited<ReturnType<typeof startMailbox>>
let server: TestApp

// Passwords are slow to check, on purpose.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  mailbox = await startMailbox()
  server = await createTestApp({
    env: { ...mailbox.env, AGENTCLARA_SIGN_UP: 'open', AGENTCLARA_PUBLIC_URL: BASE },
  })
})
afterAll(async () => {
  await server.close()
  await mailbox.close()
})

/** A page of this server, at its public address. */
function open(browser = new Browser(server)): Browser {
  browser.headers = { origin: BASE }
  return browser
}

async function join(name: string): Promise<Browser> {
  const browser = open()
  const body = { name, email: `${name.toLowerCase()}@example.com`, password: PASSWORD }
  await browser.must('POST /auth/sign-up/email', { body })
  return browser
}

const ask = (email: string, headers: Record<string, string> = {}) =>
  open().request('POST /auth/request-password-reset', { body: { email }, headers })

const mailsTo = (email: string) => mailbox.mails.filter(({ to }) => to.includes(email))

async function tokenFor(email: string): Promise<string> {
  const before = mailsTo(email).length
  await ask(email)
  await expect.poll(() => mailsTo(email).length, { timeout: 10_000 }).toBe(before + 1)
  const token = LINK.exec(mailsTo(email).at(-1)?.text ?? '')?.[1]
  if (token === undefined) throw new Error(`no link in ${mailsTo(email).at(-1)?.text}`)
  return token
}

const reset = (token: string, newPassword = NEW_PASSWORD) =>
  open().request('POST /auth/reset-password', { body: { token, newPassword } })

test('over HTTPS the cookies are for HTTPS alone, and the local address is a foreign one', async () => {
  const browser = await join('Ada')
  expect([...browser.cookies.keys()]).toEqual(['__Secure-agentclara.session'])
  const body = { email: 'ada@example.com', password: PASSWORD }
  const { headers } = await open().must('POST /auth/sign-in/email', { body })
  expect(String(headers['set-cookie'])).toMatch(/; Secure(?:;|$)/)
  const elsewhere = await server.request('POST /auth/sign-in/email', { body, headers: { origin: ORIGIN } })
  expect(elsewhere.body.code).toBe('origin_not_allowed')
})

test('a link chooses a new password once, and ends every session', async () => {
  const bob = await join('Bob')
  await bob.must('GET /v1/me')
  const token = await tokenFor('bob@example.com')
  expect((await reset(token, 'too short')).body.code).toBe('validation_failed')
  expect((await reset(token)).status).toBe(200)
  expect((await bob.request('GET /v1/me')).status).toBe(401)
  for (const used of [token, 'none']) {
    const { status, body } = await reset(used)
    expect([status, body.code]).toEqual([400, 'invalid_link'])
  }
  await open().signIn('bob@example.com', NEW_PASSWORD)
  await expect(open().signIn('bob@example.com')).rejects.toThrow('wrong_credentials')
})

test('of several at once one succeeds', async () => {
  await join('Cora')
  const token = await tokenFor('cora@example.com')
  const answers = await Promise.all(['first', 'second', 'third'].map((one) => reset(token, `the ${one} one`)))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400])
})

test('an address that nobody has is answered alike, and mailed nothing', async () => {
  const [known, unknown] = [await ask('bob@example.com'), await ask('nobody@example.com')]
  expect([unknown.status, unknown.text]).toEqual([known.status, known.text])
  await expect.poll(() => mailsTo('bob@example.com').length, { timeout: 10_000 }).toBe(2)
  expect(mailsTo('nobody@example.com')).toEqual([])
})

test('links lead to where the server is, whatever the request says', async () => {
  await join('Dan')
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }
  await ask('dan@example.com', headers)
  const body = { email: 'dan@example.com', redirectTo: 'https://evil.example' }
  await open().must('POST /auth/request-password-reset', { body })
  await expect.poll(() => mailsTo('dan@example.com').length, { timeout: 10_000 }).toBe(2)
  for (const { text } of mailsTo('dan@example.com')) {
    expect(text).toMatch(LINK)
    expect(text).not.toContain('evil.example')
  }
})

test('an address is mailed five times an hour, and the sixth request is answered as the others', async () => {
  await join('Eve')
  const answers: string[] = []
  for (let n = 0; n < 7; n++) answers.push((await ask('Eve@example.com')).text)
  expect(new Set(answers).size).toBe(1)
  await expect.poll(() => mailsTo('eve@example.com').length, { timeout: 10_000 }).toBe(5)
  // Mail to another one is sent after them, and they are all there is.
  await join('Fay')
  await tokenFor('fay@example.com')
  expect(mailsTo('eve@example.com')).toHaveLength(5)
})

test('whoever takes an address first keeps no way in once its owner resets the password', async () => {
  const squatter = await join('Gil')
  const { totpURI } = (await squatter.must('POST /auth/two-factor/enable', { body: { password: PASSWORD } }))
    .body
  await squatter.must('POST /auth/two-factor/verify-totp', { body: { code: totp(totpURI) } })
  const authenticator = new Authenticator({ origin: BASE, rpId: 'clara.example.com' })
  const options = (await squatter.must('GET /auth/passkey/generate-register-options')).body
  const response = authenticator.register(options)
  await squatter.must('POST /auth/passkey/verify-registration', { body: { response } })

  await reset(await tokenFor('gil@example.com'))
  expect((await squatter.request('GET /v1/me')).status).toBe(401)
  const owner = open()
  expect((await owner.signIn('gil@example.com', NEW_PASSWORD)).body.user.name).toBe('Gil')
  expect((await owner.must('GET /auth/passkey/list-user-passkeys')).body).toEqual([])
  expect((await owner.must('GET /v1/me')).body.data.user.email_verified).toBe(true)

  // From then on the address is theirs, and a reset leaves the second factor.
  const enabled = await owner.must('POST /auth/two-factor/enable', { body: { password: NEW_PASSWORD } })
  await owner.must('POST /auth/two-factor/verify-totp', { body: { code: totp(enabled.body.totpURI) } })
  await reset(await tokenFor('gil@example.com'), PASSWORD)
  expect((await open().signIn('gil@example.com')).body).toEqual({ twoFactorRedirect: true })
})

test('who runs the installation makes a link where no mail is sent', async () => {
  await join('Hal')
  const link = await server.app.account.makeResetLink('hal@example.com')
  expect(link).toMatch(LINK)
  expect((await reset(LINK.exec(link)?.[1] ?? '')).status).toBe(200)
  await open().signIn('hal@example.com', NEW_PASSWORD)
})

test('tokens are not in the database as they are, nor in the log', async () => {
  const token = await tokenFor('fay@example.com')
  const rows = await server.db.selectFrom('auth.verifications').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(token)
  const logged = server.logLines.join('\n')
  for (const secret of [token, PASSWORD, NEW_PASSWORD]) expect(logged).not.toContain(secret)
})
