/** Ways into the account of somebody else that somebody tried, each of which is closed. */
import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { Browser, ORIGIN, PASSWORD, signUp } from '../../testing/browser.ts'
import { isUserVerified } from './passkey-flags.ts'
import { Authenticator } from './testing/authenticator.ts'
import { startMailbox } from './testing/mailbox.ts'
import { totp } from './testing/totp.ts'

const NEW_PASSWORD = 'another horse entirely'
const SESSION = 'agentclara.session'
const CHALLENGE = 'agentclara.two_factor'
let mailbox: Awaited<ReturnType<typeof startMailbox>>
let server: TestApp

// Passwords are slow to check, on purpose.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  mailbox = await startMailbox()
  server = await createTestApp({ env: { ...mailbox.env, AGENTCLARA_SIGN_UP: 'open' } })
  await signUp(server, 'Ada')
})
afterAll(async () => {
  await server.close()
  await mailbox.close()
})

const post = (browser: Browser, path: string, body: object) => browser.request(`POST /auth${path}`, { body })
const codeOf = (browser: Browser, path: string, body: object) =>
  post(browser, path, body).then((one) => one.body.code)
const passkeysOf = async (browser: Browser) =>
  (await browser.must('GET /auth/passkey/list-user-passkeys')).body

async function withTwoFactor(name: string) {
  const browser = await signUp(server, name)
  const { body } = await post(browser, '/two-factor/enable', { password: PASSWORD })
  const code = totp(body.totpURI)
  await browser.must('POST /auth/two-factor/verify-totp', { body: { code } })
  return { browser, uri: body.totpURI as string, codes: body.backupCodes as string[] }
}

async function challenged(email: string): Promise<Browser> {
  const browser = new Browser(server)
  expect((await browser.signIn(email)).body).toEqual({ twoFactorRedirect: true })
  return browser
}

async function addPasskey(browser: Browser): Promise<Authenticator> {
  const device = new Authenticator({ origin: ORIGIN, rpId: 'localhost' })
  const { body: options } = await browser.must('GET /auth/passkey/generate-register-options')
  const body = { response: device.register(options) }
  await browser.must('POST /auth/passkey/verify-registration', { body })
  return device
}

/** The token at the end of the next mail to this address that a call brings. */
async function mailed(email: string, call: () => Promise<unknown>): Promise<string> {
  const mails = () => mailbox.mails.filter(({ to }) => to.includes(email))
  const before = mails().length
  await call()
  await expect.poll(() => mails().length, { timeout: 30_000 }).toBe(before + 1)
  const token = /#([\w.-]+)/.exec(mails().at(-1)?.text ?? '')?.[1]
  if (token === undefined) throw new Error(`no link in ${mails().at(-1)?.text}`)
  return token
}

const resetToken = (email: string) =>
  mailed(email, () => post(new Browser(server), '/request-password-reset', { email }))

describe('two cookies of one name', () => {
  test('that we and Better Auth would read differently are one and the same person', async () => {
    const victim = await signUp(server, 'Bea')
    const thief = await signUp(server, 'Bob')
    const theirs = victim.cookies.get(SESSION)
    const provedAt = new Date(Date.now() - 16 * 60_000)
    await server.db
      .updateTable('auth.sessions')
      .from('auth.users')
      .set({ proved_at: provedAt })
      .whereRef('auth.users.id', '=', 'auth.sessions.user_id')
      .where('auth.users.email', '=', 'bea@example.com')
      .execute()
    // The session that the thief found can't add a passkey: its proof is old.
    const provedCode = async () =>
      (await victim.request('GET /auth/passkey/generate-register-options')).body.code
    await expect.poll(provedCode, { timeout: 30_000 }).toBe('proof_required')
    await thief.signIn('bob@example.com')
    // Quoted, a cookie is read by one of the two and passed over by the other.
    for (const cookie of [`${SESSION}="${theirs}"`, `${SESSION}=x`, `${SESSION}=%22${theirs}%22`]) {
      const both = new Browser(server)
      both.headers = { cookie: `${cookie}; ${SESSION}=${thief.cookies.get(SESSION)}` }
      const { body: options } = await both.must('GET /auth/passkey/generate-register-options')
      expect([cookie, options.user.name]).toEqual([cookie, 'bob@example.com'])
    }
  })

  test('don’t let a code that was used in again, nor guess on another’s account', async () => {
    const { uri } = await withTwoFactor('Cleo')
    const thief = await signUp(server, 'Carl')
    const code = totp(uri, 1)
    await (await challenged('cleo@example.com')).must('POST /auth/two-factor/verify-totp', { body: { code } })
    const late = await challenged('cleo@example.com')
    const challenge = late.cookies.get(CHALLENGE)
    for (const cookie of [
      `${SESSION}=x; ${SESSION}=${thief.cookies.get(SESSION)}; ${CHALLENGE}=${challenge}`,
      `${CHALLENGE}="${challenge}"`,
    ]) {
      const { status } = await server.request('POST /auth/two-factor/verify-totp', {
        body: { code },
        headers: { origin: ORIGIN, cookie },
      })
      expect([cookie, status]).not.toEqual([cookie, 200])
    }
  })
})

describe('an address that isn’t theirs', () => {
  test('isn’t proved by the link of an invitation that they made themselves; its owner gets rid of them', async () => {
    const email = 'chief@example.com'
    const thief = await signUp(server, 'Mallory')
    const workspace = (await thief.must('POST /v1/workspaces', { body: { name: 'Trap' } })).body.data.id
    const headers = { 'agentclara-workspace': workspace }
    let url = ''
    const mail = await mailed(email, async () => {
      const body = { email, role: 'viewer' }
      url = (await thief.must('POST /v1/invitations', { body, headers })).body.data.url
    })
    const token = url.split('#')[1] ?? ''
    expect(mail).not.toBe(token)
    // What the mail says can't be made of what the answer says.
    for (const forged of [
      `${token}.`,
      `${token}.x`,
      `${token}.${createHash('sha256').update(token).digest('base64url')}`,
    ])
      expect((await server.request('POST /v1/invitations/lookup', { body: { token: forged } })).status).toBe(
        404,
      )
    const squatter = await signUp(server, 'Chief', { email, invitation: token })
    expect((await squatter.must('GET /v1/me')).body.data.user.email_verified).toBe(false)
    const device = await addPasskey(squatter)

    const body = { token: await resetToken(email), newPassword: NEW_PASSWORD }
    await new Browser(server).must('POST /auth/reset-password', { body })
    const owner = new Browser(server)
    await owner.signIn(email, NEW_PASSWORD)
    expect(await passkeysOf(owner)).toEqual([])
    const again = new Browser(server)
    const { body: options } = await again.must('GET /auth/passkey/generate-authenticate-options')
    const response = device.authenticate(options)
    expect(await codeOf(again, '/passkey/verify-authentication', { response })).toBe('passkey_refused')
  })

  test('is proved by the link that was mailed to it, which is the same invitation', async () => {
    const email = 'guest@example.com'
    const owner = await signUp(server, 'Olga')
    const workspace = (await owner.must('POST /v1/workspaces', { body: { name: 'Inn' } })).body.data.id
    owner.headers = { 'agentclara-workspace': workspace }
    const token = await mailed(email, () =>
      owner.must('POST /v1/invitations', { body: { email, role: 'viewer' } }),
    )
    const guest = await signUp(server, 'Guest', { email, invitation: token })
    expect((await guest.must('GET /v1/me')).body.data.user.email_verified).toBe(true)
    const joined = await guest.must('POST /v1/invitations/accept', { body: { token } })
    expect(joined.body.data.workspace.name).toBe('Inn')
  })
})

describe('a new password ends', () => {
  test('links that were mailed before, when it is changed and when it is reset', async () => {
    const browser = await signUp(server, 'Dan')
    const [first, second] = [await resetToken('dan@example.com'), await resetToken('dan@example.com')]
    await browser.must('POST /auth/change-password', {
      body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
    })
    const newPassword = 'the thief’s own horse'
    for (const token of [first, second])
      expect(await codeOf(new Browser(server), '/reset-password', { token, newPassword })).toBe(
        'invalid_link',
      )
    const [third, fourth] = [await resetToken('dan@example.com'), await resetToken('dan@example.com')]
    await new Browser(server).must('POST /auth/reset-password', { body: { token: third, newPassword } })
    expect(await codeOf(new Browser(server), '/reset-password', { token: fourth, newPassword })).toBe(
      'invalid_link',
    )
  })

  test('sign-ins that wait for a code, and trust in devices', async () => {
    const { browser, uri, codes } = await withTwoFactor('Eve')
    const trusted = await challenged('eve@example.com')
    await trusted.must('POST /auth/two-factor/verify-totp', {
      body: { code: totp(uri, 1), trustDevice: true },
    })
    const waiting = await challenged('eve@example.com')
    await browser.must('POST /auth/change-password', {
      body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
    })
    expect(await codeOf(waiting, '/two-factor/verify-backup-code', { code: codes[0] ?? '' })).toBe(
      'sign_in_expired',
    )
    expect((await trusted.signIn('eve@example.com', NEW_PASSWORD)).body).toEqual({ twoFactorRedirect: true })
  })

  test('a sign-in with the old one that is under way', async () => {
    const email = 'fay@example.com'
    await signUp(server, 'Fay')
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    try {
      await client.query('BEGIN')
      await client.query('LOCK TABLE auth.sessions IN EXCLUSIVE MODE')
      const late = new Browser(server)
      const pending = post(late, '/sign-in/email', { email, password: PASSWORD })
      // An ungranted lock is the sign-in's, which has checked the password and makes its session.
      const waiting = async () =>
        (
          await client.query(
            "SELECT 1 FROM pg_locks WHERE relation = 'auth.sessions'::regclass AND NOT granted",
          )
        ).rowCount
      await expect.poll(waiting, { timeout: 30_000 }).toBe(1)
      await client.query(
        `UPDATE auth.accounts SET password = 'other' WHERE user_id = (SELECT id FROM auth.users WHERE email = $1)`,
        [email],
      )
      await client.query('COMMIT')
      expect((await pending).body.code).toBe('wrong_credentials')
      expect((await late.request('GET /v1/me')).status).toBe(401)
      const left = await client.query(
        'SELECT 1 FROM auth.sessions JOIN auth.users ON users.id = user_id WHERE email = $1',
        [email],
      )
      expect(left.rowCount).toBe(1) // the one of signing up, which whoever changes a password ends themselves
    } finally {
      await client.end()
    }
  })
})

test('turning the second factor off ends the trust in devices, also of those that are elsewhere', async () => {
  const { browser, uri } = await withTwoFactor('Gus')
  const trusted = await challenged('gus@example.com')
  await trusted.must('POST /auth/two-factor/verify-totp', { body: { code: totp(uri, 1), trustDevice: true } })
  await browser.must('POST /auth/two-factor/disable', { body: { password: PASSWORD } })
  const { body } = await post(browser, '/two-factor/enable', { password: PASSWORD })
  await browser.must('POST /auth/two-factor/verify-totp', { body: { code: totp(body.totpURI) } })
  expect((await trusted.signIn('gus@example.com')).body).toEqual({ twoFactorRedirect: true })
})

test('what a device says of whoever is there is read in one way alone', () => {
  const data = Buffer.alloc(37)
  data[32] = 0x05
  const text = data.toString('base64url')
  const said = (authenticatorData: string) => isUserVerified({ response: { authenticatorData } })
  expect(said(text)).toBe(true)
  for (const other of [`!${text}`, ` ${text}`, `${text}=`, text.replace('A', '*A'), `${text}\n`])
    expect([other, said(other)]).toEqual([other, false])
})
