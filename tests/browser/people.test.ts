/** People who work together: inviting, roles, leaving; and how each proves who they are: codes, passkeys, new passwords. */
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbeddedPostgres } from '../../packages/server/src/db/embedded-postgres.ts'
import { totp } from '../../packages/server/src/features/sign-in/testing/totp.ts'
import { admin } from '../support/server.ts'
import { openSite, PASSWORD, type Site, signUp, withoutBrowser } from './site.ts'
import { type Watched, watch } from './watch.ts'

const OWNER = { name: 'Ada Lovelace', email: 'ada@example.com' }
const GUEST = { name: 'Grace Hopper', email: 'grace@example.com' }
const NEW_PASSWORD = 'eleven purple ostriches'
/** What only somebody who may write sees. */
const WRITES =
  /create|add|invite|rotate|revoke|delete|edit|pause|rename|change|send|reply|close|resolve|hand|test event|redeliver|recover/i

/** Failed answers that are part of what is tested. */
const expected = ['401 /v1/me', '401 /v1/contacts', '403 /v1/api_keys']

let site: Site
let owner: Page
let guest: Page
let watched: Watched

async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return page
}

const button = (page: Page | ReturnType<Page['getByRole']>, name: string | RegExp) =>
  page.getByRole('button', { name })
const titled = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).first().waitFor()

/** As the page itself would, with its session. */
const api = (page: Page, route: string, body: object = {}) =>
  page.evaluate(
    async ([method = '', path = '', sent = '']) => {
      const headers = { 'content-type': 'application/json', 'agentclara-environment': 'test' }
      const answer = await fetch(`/v1${path}`, {
        method,
        headers,
        ...(method === 'GET' ? {} : { body: sent }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    [...route.split(' '), JSON.stringify(body)],
  )

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await button(page, 'Sign in').first().click()
}

const isIn = (page: Page) => button(page, /account menu/).waitFor()

async function signOut(page: Page): Promise<void> {
  await button(page, /account menu/).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await titled(page, 'Sign in')
}

/** In the database of the site, beside its server. */
async function query(sql: string, values: unknown[]): Promise<void> {
  const dataDir = site.env.AGENTCLARA_DATA_DIR ?? ''
  const database = await openEmbeddedPostgres({ dataDir, role: 'admin', label: 'a test' })
  const client = new pg.Client(database.connection)
  await client.connect()
  await client.query(sql, values)
  await client.end()
  await database.close()
}

/** The operations of the API that take a permission to write, as `POST /contacts/x`. */
async function writes(): Promise<string[]> {
  const { paths } = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')) as {
    paths: Record<string, Record<string, { 'x-permission'?: string }>>
  }
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation['x-permission']?.endsWith(':write') === true)
      .map(([method]) => `${method.toUpperCase()} ${path.replace('/v1', '').replace('{id}', 'x_1')}`),
  )
}

describe.skipIf(withoutBrowser !== undefined)('people', () => {
  beforeAll(async () => {
    site = await openSite()
    owner = await newPage(await site.newContext())
    guest = await newPage(await site.newContext())
    watched = watch(owner, site.url, expected)
    await signUp(owner, OWNER)
  })
  afterAll(() => site?.close())

  test('somebody who is invited by a link signs up through it, and sees pages without a button that writes', async () => {
    const contact = await api(owner, 'POST /contacts', { name: 'Alan Turing' })
    const key = await api(owner, 'POST /api_keys', { name: 'Backend', preset: 'full' })
    const hook = await api(owner, 'POST /webhooks', { url: 'http://127.0.0.1:9/hook', events: ['*'] })
    const conversation = await api(owner, 'POST /conversations', {
      channel: 'web',
      customer_email: 'alan@example.com',
      message: 'Are you open?',
    })
    const statuses = [contact, key, hook, conversation].map(({ status }) => status)
    expect(statuses).toEqual([201, 201, 201, 201])

    await owner.goto('/settings/members')
    await button(owner, 'Invite').click()
    const dialog = owner.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'E-mail' }).fill(GUEST.email)
    await dialog.getByRole('combobox', { name: 'Role' }).selectOption('viewer')
    await button(dialog, 'Invite').click()
    const link = await dialog.getByText('/invite#').textContent()
    await button(dialog, 'Done').click()
    await dialog.waitFor({ state: 'hidden' })
    await owner.getByRole('table', { name: 'Invitations' }).getByText(GUEST.email).waitFor()

    await guest.goto(link ?? '')
    await titled(guest, 'Join Acme')
    expect(guest.url()).not.toContain('#')
    await guest.getByLabel('Your name').fill(GUEST.name)
    await guest.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await button(guest, 'Create account and join').click()
    await isIn(guest)

    const pages: [string, string | RegExp, string | RegExp][] = [
      ['/contacts', 'Contacts', 'Alan Turing'],
      [`/contacts/${contact.body.data.id}`, 'Alan Turing', /Custom fields|Conversations/],
      ['/conversations', 'Conversations', /alan/i],
      [`/conversations/${conversation.body.data.id}`, /./, 'Are you open?'],
      ['/settings/advanced/api-keys', 'API Keys', 'Backend'],
      [`/settings/advanced/api-keys/${key.body.data.id}`, 'Backend', /Permissions|Access/],
      ['/settings/advanced/webhooks', 'Webhooks', 'http://127.0.0.1:9/hook'],
      [`/settings/advanced/webhooks/${hook.body.data.id}`, /hook/, 'Deliveries'],
      ['/settings/members', 'Members', OWNER.email],
      ['/settings/workspace', 'Workspace', 'Viewer'],
    ]
    for (const [path, title, shown] of pages) {
      await guest.goto(path)
      await titled(guest, title)
      const main = guest.getByRole('main')
      await main.getByText(shown).first().waitFor()
      const names = await button(main, WRITES).allTextContents()
      expect({ path, names }).toEqual({ path, names: [] })
    }
  }, 120_000)

  test('a viewer is refused every write, however it is sent', async () => {
    const allowed: string[] = []
    const routes = await writes()
    expect(routes.length).toBeGreaterThan(40)
    for (const route of routes) {
      const { status, body } = await api(guest, route)
      if (status !== 403 || body.code !== 'insufficient_permissions') allowed.push(`${route}: ${status}`)
    }
    expect(allowed).toEqual([])
    const { workspace } = (await api(guest, 'GET /me')).body.data
    for (const method of ['PATCH', 'DELETE'])
      expect((await api(guest, `${method} /workspaces/${workspace.id}`, { name: 'Acme' })).status).toBe(403)
  })

  test('a role that is changed holds at once', async () => {
    await owner.goto('/settings/members')
    await button(owner, `Actions for ${GUEST.name}`).click()
    await owner.getByRole('menuitem', { name: 'Make agent' }).click()
    await owner
      .getByRole('row', { name: new RegExp(GUEST.email) })
      .getByText('Agent')
      .waitFor()
    expect((await api(guest, 'POST /contacts', { name: 'Edsger Dijkstra' })).status).toBe(201)
    expect((await api(guest, 'POST /api_keys', { name: 'Not mine', preset: 'full' })).status).toBe(403)
    await guest.goto('/contacts')
    await button(guest, 'Add contact').waitFor()
    await guest.getByText('Edsger Dijkstra').waitFor()
  })

  test('who is removed is told so by the next page that they open', async () => {
    await button(owner, `Actions for ${GUEST.name}`).click()
    await owner.getByRole('menuitem', { name: 'Remove' }).click()
    const dialog = owner.getByRole('dialog', { name: `Remove ${GUEST.name}?` })
    await button(dialog, 'Remove').click()
    await dialog.waitFor({ state: 'hidden' })
    await owner.getByRole('row', { name: new RegExp(GUEST.email) }).waitFor({ state: 'hidden' })

    await guest.getByRole('link', { name: 'Conversations' }).click()
    await guest.getByText('You are no longer a member of this workspace').first().waitFor()
    await guest.goto('/')
    await titled(guest, 'Name your workspace')
    await guest.getByText(`You are signed in as ${GUEST.email}, and in no workspace.`).waitFor()
  })

  test('a second factor is set up by the key that is shown; codes and recovery codes sign in, each once', async () => {
    await owner.goto('/settings/security')
    await button(owner, 'Turn on').click()
    const password = owner.getByRole('dialog', { name: 'Turn on two-factor sign-in' })
    await password.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD)
    await button(password, 'Continue').click()
    const scan = owner.getByRole('dialog', { name: 'Add AgentClara to your app' })
    const shown = (await scan.getByRole('code').first().textContent()) ?? ''
    const uri = `otpauth://totp/AgentClara?secret=${shown.replaceAll(' ', '')}`
    await scan.getByRole('textbox', { name: 'Code' }).fill(totp(uri))
    await button(scan, 'Turn on').click()
    const save = owner.getByRole('dialog', { name: 'Save your recovery codes' })
    await save.waitFor()
    const codes = await save
      .getByRole('list', { name: 'Recovery codes' })
      .getByRole('listitem')
      .allTextContents()
    expect(new Set(codes).size).toBe(10)
    await owner.keyboard.press('Escape')
    expect(await save.isVisible()).toBe(true)
    await save.getByRole('checkbox', { name: 'I have saved these codes' }).check({ force: true })
    await button(save, 'Done').click()
    await save.waitFor({ state: 'hidden' })
    await button(owner, 'New recovery codes').waitFor()
    const kept = await owner.evaluate(
      () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.documentElement.outerHTML,
    )
    for (const secret of [...codes, shown.replaceAll(' ', '')]) expect(kept).not.toContain(secret)

    const enter = async (code: string) => {
      await signIn(owner, OWNER.email, PASSWORD)
      await titled(owner, 'Enter your code')
      await owner.getByRole('textbox', { name: 'Code' }).fill(code)
      await button(owner, 'Continue').click()
    }
    await signOut(owner)
    // The code of this half minute was used: the app shows another in the next.
    await enter(totp(uri, 1))
    await isIn(owner)
    await signOut(owner)
    await enter(codes[0] ?? '')
    await isIn(owner)
    await signOut(owner)
    expected.push('401 /auth/two-factor/verify-backup-code')
    await enter(codes[0] ?? '')
    await owner.getByRole('alert').first().waitFor()
    await titled(owner, 'Enter your code')
    await enter(codes[1] ?? '')
    await isIn(owner)

    await owner.goto('/settings/security')
    await button(owner, 'Turn off').click()
    const off = owner.getByRole('dialog', { name: 'Turn off two-factor sign-in?' })
    await off.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD)
    await button(off, 'Turn off').click()
    await off.waitFor({ state: 'hidden' })
  })

  test('a passkey is added, and signs in without a password', async () => {
    const devtools = await owner.context().newCDPSession(owner)
    await devtools.send('WebAuthn.enable')
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await owner.goto('/settings/security')
    await button(owner, 'Add a passkey').click()
    const add = owner.getByRole('dialog', { name: 'Add a passkey' })
    await add.getByRole('textbox', { name: 'Name' }).fill('My laptop')
    await button(add, 'Continue').click()
    await add.waitFor({ state: 'hidden' })
    await owner
      .getByRole('table', { name: 'Passkeys' })
      .getByRole('cell', { name: 'My laptop', exact: true })
      .waitFor()

    // Nobody touches the device before the button is pressed.
    const touch = (enabled: boolean) =>
      devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    await touch(false)
    await signOut(owner)
    await button(owner, 'Sign in with a passkey').click()
    await touch(true)
    await isIn(owner)
    await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    await devtools.detach()
  })

  test('who proved who they are long ago is asked again before a key is made, and goes on then', async () => {
    await query(
      `UPDATE auth.sessions SET proved_at = now() - interval '16 minutes'
       WHERE user_id = (SELECT id FROM auth.users WHERE email = $1)`,
      [OWNER.email],
    )
    // The server hears of it from the database.
    const validUntil = async () => Date.parse((await api(owner, 'GET /me')).body.data.proof?.valid_until ?? 0)
    await expect.poll(validUntil, { timeout: 30_000 }).toBeLessThan(Date.now())
    await owner.goto('/settings/advanced/api-keys')
    await button(owner, 'Create New Key').first().click()
    const create = owner.getByRole('dialog', { name: 'Create New Key' })
    await create.getByRole('textbox', { name: 'Name' }).fill('After a break')
    await button(create, 'Create key').click()
    const proof = owner.getByRole('dialog', { name: 'Confirm it’s you' })
    await proof.getByRole('textbox', { name: `Password of ${OWNER.email}` }).fill('not my password')
    expected.push('403 /v1/me/proof')
    await button(proof, 'Confirm').click()
    await proof.getByText('That is not your password').waitFor()
    await proof.getByRole('textbox', { name: `Password of ${OWNER.email}` }).fill(PASSWORD)
    await button(proof, 'Confirm').click()
    const made = owner.getByRole('dialog', { name: /is ready/ })
    expect(await made.getByRole('textbox', { name: 'Secret' }).inputValue()).toMatch(/^sk_test_/)
    await made.getByRole('checkbox', { name: 'I have saved it' }).check({ force: true })
    await button(made, 'Done').click()
    await made.waitFor({ state: 'hidden' })
  })

  test('another device is signed out from the list of sessions', async () => {
    const phone = await site.newContext({
      userAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    })
    const other = await newPage(phone)
    await signIn(other, OWNER.email, PASSWORD)
    await isIn(other)
    await owner.goto('/settings/security')
    const row = owner.getByRole('table', { name: 'Sessions' }).getByRole('row', { name: /iPhone/ })
    await button(row, /Sign out/).click()
    await row.waitFor({ state: 'hidden' })
    await other.getByRole('link', { name: 'Contacts' }).click()
    await other.waitForURL('**/sign-in?next=**')
    await titled(other, 'Sign in')
    await phone.close()
    await owner.reload()
    await owner.getByText('This device').waitFor()
  })

  test('a link of the operator sets a new password, once, and ends every session', async () => {
    const printed = await admin(['users', 'reset-password', '--email', OWNER.email], { ...site.env })
    const link = new URL(/http\S+/.exec(printed)?.[0] ?? '')
    const elsewhere = await newPage(await site.newContext())
    await elsewhere.goto(`${link.pathname}${link.search}${link.hash}`)
    await titled(elsewhere, 'Choose a new password')
    expect(new URL(elsewhere.url()).search + new URL(elsewhere.url()).hash).toBe('')
    await elsewhere.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD)
    await button(elsewhere, 'Change password').click()
    await titled(elsewhere, 'Your password is changed')
    await owner.getByRole('link', { name: 'Contacts' }).click()
    await owner.waitForURL('**/sign-in?next=**')

    await elsewhere.goto(`/sign-in`)
    await elsewhere.goto(`${link.pathname}${link.search}${link.hash}`)
    await elsewhere.getByRole('textbox', { name: 'New password' }).fill('another one entirely')
    await button(elsewhere, 'Change password').click()
    await elsewhere.getByText('This link has been used or is too old').waitFor()
    expected.push('401 /auth/sign-in/email')
    await signIn(owner, OWNER.email, PASSWORD)
    await owner.getByText('Check both, or reset your password.').waitFor()
    await signIn(owner, OWNER.email, NEW_PASSWORD)
    await isIn(owner)
    await elsewhere.context().close()
  })

  test('a workspace is deleted by who types its name', async () => {
    await owner.goto('/settings/workspace')
    await button(owner, 'Delete workspace').click()
    const dialog = owner.getByRole('dialog', { name: 'Delete Acme for good?' })
    await dialog.getByRole('textbox').fill('Acne')
    expect(await button(dialog, 'Delete for good').isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('Acme')
    await button(dialog, 'Delete for good').click()
    await titled(owner, 'Name your workspace')
    expect((await api(owner, 'GET /workspaces')).body.data).toEqual([])
  })

  test('met no error and no violation of the policy', () => {
    expect(watched.problems).toEqual([])
  })
})
