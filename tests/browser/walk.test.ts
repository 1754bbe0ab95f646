/** A developer's first day in the dashboard: from signing up to a key that was used, rotated and revoked, and a webhook that is told. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../../packages/server/src/features/webhooks/testing/receiver.ts'
import { openSite, type Site, signUp, withoutBrowser } from './site.ts'
import { type Watched, watch } from './watch.ts'

const run = promisify(execFile)
const SECRET = /sk_test_[0-9A-Za-z]{30}/

let site: Site
let page: Page
let watched: Watched
let receiver: Receiver

const button = (name: string | RegExp, within: Page | ReturnType<Page['getByRole']> = page) =>
  within.getByRole('button', { name })
const dialog = (name: string | RegExp) => page.getByRole('dialog', { name })
/** As a shell runs what was copied. */
const shell = async (command: string) => (await run('bash', ['-c', command])).stdout
const call = (path: string, secret: string, userAgent = 'walk/1.0') =>
  fetch(`${site.url}/v1${path}`, { headers: { authorization: `Bearer ${secret}`, 'user-agent': userAgent } })

/** As the page itself would, with the session. */
const api = (route: string, body: object) =>
  page.evaluate(
    async ([method = '', path = '', sent = '']) => {
      const headers = { 'content-type': 'application/json', 'agentclara-environment': 'test' }
      const answer = await fetch(`/v1${path}`, { method, headers, body: sent })
      return { status: answer.status, text: await answer.text() }
    },
    [...route.split(' '), JSON.stringify(body)],
  )

/** All that the browser keeps of this site. */
const kept = () =>
  page.evaluate(
    () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.documentElement.outerHTML,
  )

describe.skipIf(withoutBrowser !== undefined)('a developer', () => {
  beforeAll(async () => {
    site = await openSite({ WEBHOOK_RETRY_SECONDS: '600' })
    const context = await site.newContext()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    page = await context.newPage()
    watched = watch(page, site.url, ['401 /v1/me', '403 /v1/api_keys'])
  })
  afterAll(async () => {
    await site?.close()
    await receiver?.stop()
  })

  test('signs up, runs the command of the page, and sees it turn green', async () => {
    await signUp(page, { name: 'Ada Lovelace', email: 'ada@example.com' })
    await button('Create my test key').click()
    const secret = await page.getByRole('textbox', { name: 'The secret of your test key' }).inputValue()
    expect(secret).toMatch(SECRET)
    const step = page.getByRole('region', { name: 'Make your first request' })
    await step.getByText('Waiting for your first request').waitFor()
    const command = await step.getByRole('region', { name: 'Code in bash' }).textContent()
    expect(JSON.parse(await shell((command ?? '').replace('curl', 'curl -s')))).toMatchObject({
      success: true,
      data: { name: 'First test key' },
    })
    await step.getByText('Your request arrived').waitFor()
    await step.getByRole('link', { name: 'Open the request' }).click()
    await page.waitForURL('**/settings/advanced/logs?**')
    await page.getByRole('dialog').getByText('GET /v1/me').first().waitFor()
    expect(await kept()).not.toContain(secret)
  })

  test('asks Clara, and is shown what her answer rests on', async () => {
    await page.goto('/welcome')
    await button(/^Ask “/).click()
    await page
      .getByText(/saturday/i)
      .nth(2)
      .waitFor()
    await page
      .locator('blockquote, q, cite, figure')
      .filter({ hasText: /saturday/i })
      .first()
      .waitFor()
  })

  test('creates a restricted key, whose secret is shown once and then nowhere', async () => {
    await page.goto('/settings/advanced/api-keys')
    await button('Create New Key').first().click()
    const create = dialog('Create New Key')
    await create.getByRole('textbox', { name: 'Name' }).fill('Shop backend')
    await create.getByRole('radio', { name: 'Custom' }).check({ force: true })
    for (const resource of [
      'Webhooks',
      'Events',
      'Knowledge',
      'Clara',
      'API keys',
      'Usage and logs',
      'Members',
    ])
      await create.getByRole('group', { name: resource, exact: true }).getByText('None').click()
    await button('Create key', create).click()
    const made = dialog(/is ready/)
    const secret = await made.getByRole('textbox', { name: 'Secret' }).inputValue()
    expect(secret).toMatch(SECRET)
    await page.keyboard.press('Escape')
    expect(await made.isVisible()).toBe(true)
    await made.getByRole('checkbox', { name: 'I have saved it' }).check({ force: true })
    await button('Done', made).click()
    await made.waitFor({ state: 'hidden' })
    expect(await kept()).not.toContain(secret)
    expect((await call('/contacts', secret)).status).toBe(200)
    expect((await call('/webhooks', secret)).status).toBe(403)
    await page.getByText('Writes conversations and contacts').first().waitFor()
    secrets.old = secret
  })

  test('rotates it, sees who is still on the old secret, ends it, and revokes the key with a receipt', async () => {
    await page.getByRole('heading', { level: 1, name: /Shop backend/ }).waitFor()
    await button('Rotate').click()
    const rotate = dialog(/Rotate/)
    await rotate.waitFor()
    await button('Make a new secret', rotate).click()
    const made = dialog(/new secret/i)
    secrets.new = await made.getByRole('textbox', { name: 'Secret' }).inputValue()
    expect(secrets.new).toMatch(SECRET)
    expect(secrets.new).not.toBe(secrets.old)
    await made.getByRole('checkbox', { name: 'I have saved it' }).check({ force: true })
    await button('Done', made).click()
    const cockpit = page.getByRole('region', { name: /Rotating|Safe to end/ })
    await cockpit.waitFor()
    await call('/contacts', secrets.old, 'old-billing/2.1')
    await cockpit.getByText('old-billing/2.1').waitFor()
    await cockpit.getByText('127.0.0.1').first().waitFor()
    await call('/contacts', secrets.new, 'new-shop/3.0')
    await cockpit.getByText('new-shop/3.0').waitFor()
    await button('Finish now', cockpit).click()
    const finish = dialog('End the old secret now?')
    await finish.getByText('would be refused').first().waitFor()
    await button('End the old secret', finish).click()
    await finish.waitFor({ state: 'hidden' })
    await cockpit.waitFor({ state: 'hidden' })
    const refused = await call('/contacts', secrets.old)
    expect(refused.status).toBe(401)
    expect((await call('/contacts', secrets.new)).status).toBe(200)

    await button('Revoke').click()
    const revoke = dialog(/^Revoke/)
    // It was used within the hour: its name is to be typed.
    await revoke.getByRole('textbox').fill('Shop backend')
    await button('Revoke key', revoke).click()
    const receipt = dialog(/is revoked/)
    await receipt.getByText(/ ms/).first().waitFor()
    expect((await call('/contacts', secrets.new)).status).toBe(401)
    await button('Done', receipt).click()
    await receipt.waitFor({ state: 'hidden' })
  })

  test('adds a webhook that is judged while its URL is typed, and sees its test event arrive', async () => {
    receiver = await startReceiver()
    await page.goto('/settings/advanced/webhooks')
    await button(/create/i)
      .first()
      .click()
    const create = dialog('Create a webhook')
    const url = create.getByRole('textbox', { name: 'URL' })
    await url.fill('http://10.0.0.8/hook')
    await create
      .getByText(/private/i)
      .first()
      .waitFor()
    await url.fill('http://169.254.169.254/latest')
    await create
      .getByText(/metadata|link-local/i)
      .first()
      .waitFor()
    await url.fill(receiver.url)
    await create
      .getByText(/127\.0\.0\.1/)
      .first()
      .waitFor()
    await create.getByRole('radio', { name: 'All, and new ones' }).check({ force: true })
    await button('Create webhook', create).click()
    const created = dialog('Webhook created')
    const secret = await created.getByRole('textbox', { name: 'Signing secret' }).inputValue()
    expect(secret).toMatch(/^whsec_/)
    await created.getByText(/It works: your server answered 200/).waitFor()
    await button('I have saved it', created).click()
    await created.waitFor({ state: 'hidden' })
    expect(await kept()).not.toContain(secret)
    expect(receiver.received[0]?.event.type).toBe('webhook.test')
  })

  test('sees what failed and why, mends it, and delivers it again', async () => {
    receiver.answer = () => ({ status: 500, body: 'the disk is full' })
    await page.goto('/settings/advanced/webhooks')
    await page.getByRole('link', { name: receiver.url }).click()
    await page.getByRole('heading', { level: 1, name: receiver.url }).waitFor()
    expect((await api('POST /contacts', { name: 'Grace Hopper' })).status).toBe(201)
    const row = page.getByRole('table', { name: 'Deliveries' }).getByRole('row', { name: /contact\.created/ })
    await row.getByRole('link').or(row.getByRole('button')).first().click()
    const panel = page.getByRole('dialog', { name: /contact\.created/ })
    await panel.getByText('the disk is full').first().waitFor()
    receiver.answer = () => ({ status: 200 })
    await button(/redeliver/i, panel)
      .first()
      .click()
    const told = () => receiver.received.filter(({ event }) => event.type === 'contact.created').length
    await expect.poll(told, { timeout: 30_000 }).toBe(2)
    await panel.getByText('Delivered').first().waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
  })

  test('finds a request in the logs by filters that stay in the URL', async () => {
    await page.goto('/settings/advanced/logs')
    await page.getByRole('combobox', { name: 'Status' }).selectOption('4xx')
    const request = page.getByRole('link', { name: /403 GET \/webhooks insufficient_permissions/ })
    await request.waitFor()
    await page.waitForURL(/logs\?status=4xx/)
    await page.reload()
    await request.click()
    const panel = page.getByRole('dialog')
    await panel.getByText('webhooks:read').first().waitFor()
    await button(/Copy as cURL/i, panel).click()
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('curl')
  })

  test('switches between test and live, whose keys are apart, and goes anywhere by keyboard', async () => {
    await page.goto('/settings/advanced/api-keys')
    await page.getByRole('link', { name: /First test key/ }).waitFor()
    await page.getByRole('radio', { name: 'Live' }).check({ force: true })
    await page.getByRole('link', { name: /First test key/ }).waitFor({ state: 'hidden' })
    await button('Create New Key').first().waitFor()
    await page.getByRole('radio', { name: 'Test' }).check({ force: true })
    await page.getByRole('link', { name: /First test key/ }).waitFor()
    await page.keyboard.press('ControlOrMeta+k')
    const search = page.getByRole('dialog').getByRole('combobox')
    await search.fill('webhooks')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/settings/advanced/webhooks**')
    await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: /shortcuts/i }).waitFor()
    await page.keyboard.press('Escape')
  })

  test('met no error, no violation of the policy, and nothing from elsewhere', () => {
    expect(watched.problems).toEqual([])
  })
})

const secrets = { old: '', new: '' }
