import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { Browser, ORIGIN, PASSWORD, signUp } from '../../testing/browser.ts'
import { Authenticator } from './testing/authenticator.ts'
import { totp } from './testing/totp.ts'

let server: TestApp

// Passwords are slow to check, on purpose.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  server = await createTestApp({ env: { AGENTCLARA_SIGN_UP: 'open' } })
  await signUp(server, 'Ada')
})
afterAll(() => server.close())

const post = (browser: Browser, path: string, body: object) => browser.request(`POST /auth${path}`, { body })

/** Signed up, with the second factor on, and the code that turned it on. */
async function withTwoFactor(name: string) {
  const browser = await signUp(server, name)
  const { body } = await post(browser, '/two-factor/enable', { password: PASSWORD })
  const code = totp(body.totpURI)
  await browser.must('POST /auth/two-factor/verify-totp', { body: { code } })
  return { browser, code, uri: body.totpURI as string, codes: body.backupCodes as string[] }
}

/** A new browser that has given the password, and is asked for a code. */
async function challenged(email: string): Promise<Browser> {
  const browser = new Browser(server)
  const { body } = await browser.signIn(email)
  expect(body).toEqual({ twoFactorRedirect: true })
  return browser
}

describe('with a second factor', () => {
  test('the password alone signs nobody in, the password and the code do', async () => {
    const { browser, uri } = await withTwoFactor('Bob')
    expect((await browser.must('GET /v1/me')).body.data.user.two_factor_enabled).toBe(true)
    const other = await challenged('bob@example.com')
    expect((await other.request('GET /v1/me')).status).toBe(401)
    const wrong = await post(other, '/two-factor/verify-totp', { code: '000000' })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'wrong_code'])
    await other.must('POST /auth/two-factor/verify-totp', { body: { code: totp(uri, 1) } })
    expect((await other.must('GET /v1/me')).body.data.user.name).toBe('Bob')
  })

  test('a code works once: not for who saw it being typed, and not twice at once', async () => {
    const { uri, code: used } = await withTwoFactor('Carl')
    const browsers = await Promise.all([1, 2, 3].map(() => challenged('carl@example.com')))
    const code = totp(uri, 1)
    const statuses = await Promise.all(
      browsers.map(async (browser) => (await post(browser, '/two-factor/verify-totp', { code })).status),
    )
    expect(statuses.toSorted()).toEqual([200, 401, 401])
    // Nor the one that turned it on.
    const late = await challenged('carl@example.com')
    expect((await post(late, '/two-factor/verify-totp', { code: used })).status).toBe(401)
  })

  test('a recovery code works once, and new ones end the old', async () => {
    const { browser, codes } = await withTwoFactor('Dora')
    const [code = '', other = ''] = codes
    expect(codes).toHaveLength(10)
    const first = await challenged('dora@example.com')
    expect((await post(first, '/two-factor/verify-backup-code', { code })).status).toBe(200)
    expect((await first.request('GET /v1/me')).status).toBe(200)
    const second = await challenged('dora@example.com')
    expect((await post(second, '/two-factor/verify-backup-code', { code })).body.code).toBe('wrong_code')
    const made = await post(browser, '/two-factor/generate-backup-codes', { password: PASSWORD })
    expect(made.body.backupCodes).toHaveLength(10)
    expect((await post(second, '/two-factor/verify-backup-code', { code: other })).status).toBe(401)
    const [fresh = ''] = made.body.backupCodes
    expect((await post(second, '/two-factor/verify-backup-code', { code: fresh })).status).toBe(200)
  })

  test('codes aren’t guessed: a sign-in takes few, an account takes few whoever asks', async () => {
    await withTwoFactor('Ella')
    const browser = await challenged('ella@example.com')
    const codes: string[] = []
    for (let n = 0; n < 7; n++) {
      const { body } = await post(browser, '/two-factor/verify-totp', { code: String(n).padStart(6, '0') })
      codes.push(body.code)
    }
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('wrong_code'))
    expect(codes.at(-1)).toBe('sign_in_expired')
    const again = await challenged('ella@example.com')
    const more: number[] = []
    for (let n = 0; n < 6; n++)
      more.push((await post(again, '/two-factor/verify-totp', { code: `11111${n}` })).status)
    expect(more).toContain(429)
  })

  test('a device that is trusted is asked for no code, and another one is', async () => {
    const { uri } = await withTwoFactor('Finn')
    const device = await challenged('finn@example.com')
    const body = { code: totp(uri, 1), trustDevice: true }
    await device.must('POST /auth/two-factor/verify-totp', { body })
    await device.must('POST /auth/sign-out', { body: {} })
    expect((await device.signIn('finn@example.com')).body.user.name).toBe('Finn')
    await challenged('finn@example.com')
  })

  test('it is turned on and off by the password, and not before a code was right', async () => {
    const browser = await signUp(server, 'Gina')
    for (const path of ['/two-factor/enable', '/two-factor/disable']) {
      const { status, body } = await post(browser, path, { password: 'not her password' })
      expect([path, status, body.code]).toEqual([path, 403, 'wrong_password'])
    }
    const { body } = await post(browser, '/two-factor/enable', { password: PASSWORD })
    expect((await post(browser, '/two-factor/verify-totp', { code: '000000' })).status).toBe(401)
    expect((await new Browser(server).signIn('gina@example.com')).body.user.name).toBe('Gina')
    await browser.must('POST /auth/two-factor/verify-totp', { body: { code: totp(body.totpURI) } })
    await browser.must('POST /auth/two-factor/disable', { body: { password: PASSWORD } })
    expect((await new Browser(server).signIn('gina@example.com')).body.user.name).toBe('Gina')
    expect((await browser.must('GET /v1/me')).body.data.user.two_factor_enabled).toBe(false)
  })

  test('who lost everything is helped by who runs the installation', async () => {
    await withTwoFactor('Hugo')
    await server.app.account.removeTwoFactor('Hugo@example.com')
    expect((await new Browser(server).signIn('hugo@example.com')).body.user.name).toBe('Hugo')
    await expect(server.app.account.removeTwoFactor('nobody@example.com')).rejects.toThrow('Nobody has')
  })
})

describe('a passkey', () => {
  const rpId = 'localhost'

  async function withPasskey(name: string, authenticator: Authenticator): Promise<Browser> {
    const browser = await signUp(server, name)
    const { body } = await browser.must('GET /auth/passkey/generate-register-options')
    expect(body).toMatchObject({ rp: { id: rpId }, authenticatorSelection: { userVerification: 'required' } })
    const response = authenticator.register(body)
    const added = await browser.must('POST /auth/passkey/verify-registration', {
      body: { response, name: 'Laptop' },
    })
    expect(added.body).not.toHaveProperty('publicKey')
    return browser
  }

  async function signInBy(authenticator: Authenticator) {
    const browser = new Browser(server)
    const { body } = await browser.must('GET /auth/passkey/generate-authenticate-options')
    expect(body).toMatchObject({ userVerification: 'required' })
    expect(body).not.toHaveProperty('allowCredentials')
    const answer = { response: authenticator.authenticate(body) }
    return { browser, answer, response: await post(browser, '/passkey/verify-authentication', answer) }
  }

  test('signs in whom it was made for, once for each challenge, until it is removed', async () => {
    const authenticator = new Authenticator({ origin: ORIGIN, rpId })
    const owner = await withPasskey('Ida', authenticator)
    const { browser, answer, response } = await signInBy(authenticator)
    expect([response.status, response.body.user.name]).toEqual([200, 'Ida'])
    expect(response.text).not.toContain('token')
    expect((await browser.must('GET /v1/me')).body.data.user.name).toBe('Ida')
    expect((await post(browser, '/passkey/verify-authentication', answer)).body.code).toBe('passkey_refused')
    const [{ id, name }] = (await owner.must('GET /auth/passkey/list-user-passkeys')).body
    expect(name).toBe('Laptop')
    const stranger = await signUp(server, 'Ivan')
    expect((await post(stranger, '/passkey/delete-passkey', { id })).status).toBeGreaterThanOrEqual(400)
    await owner.must('POST /auth/passkey/delete-passkey', { body: { id } })
    expect((await signInBy(authenticator)).response.body.code).toBe('passkey_refused')
  })

  test('of another site’s page, of nobody, or without asking who is there, signs nobody in', async () => {
    await withPasskey('Jan', new Authenticator({ origin: ORIGIN, rpId, asksWhoIsThere: false }))
    const shy = new Authenticator({ origin: ORIGIN, rpId, asksWhoIsThere: false })
    const phished = new Authenticator({ origin: 'https://evil.example', rpId })
    const unknown = new Authenticator({ origin: ORIGIN, rpId })
    for (const authenticator of [shy, phished, unknown]) {
      const { response } = await signInBy(authenticator)
      expect([response.status, response.body.code]).toEqual([400, 'passkey_refused'])
      expect(response.headers['set-cookie']).toBeUndefined()
    }
  })

  test('proves who one is, for one’s own session alone', async () => {
    const authenticator = new Authenticator({ origin: ORIGIN, rpId })
    const owner = await withPasskey('Kim', authenticator)
    const old = new Date(Date.now() - 3_600_000)
    await server.db.updateTable('auth.sessions').set({ proved_at: old }).execute()
    const register = () => owner.request('GET /auth/passkey/generate-register-options')
    await expect.poll(async () => (await register()).body.code, { timeout: 10_000 }).toBe('proof_required')
    const options = async () =>
      (await owner.must('POST /v1/me/proof/passkey_options', { body: {} })).body.data
    const stranger = new Authenticator({ origin: ORIGIN, rpId })
    const prove = (passkey: object) => owner.request('POST /v1/me/proof', { body: { passkey } })
    expect((await prove(stranger.authenticate(await options()))).body.code).toBe('passkey_refused')
    expect((await prove({})).body.code).toBe('passkey_refused')
    const passkey = authenticator.authenticate(await options())
    expect((await prove(passkey)).status).toBe(200)
    expect((await prove(passkey)).body.code).toBe('passkey_refused')
    expect((await register()).status).toBe(200)
  })
})
