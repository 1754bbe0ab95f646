/** Text that wants to be code: whatever customers, receivers, clients and colleagues write is shown as text, on every page that shows it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../../packages/server/src/features/webhooks/testing/receiver.ts'
import { harmIn, type Injected, missingFrom, watchInjected } from './injected.ts'
import { headerPayloads, packed, payloads } from './payloads.ts'
import { openSite, type Site, signUp, withoutBrowser } from './site.ts'

/** Requests that are under way at once while things are planted. */
const LANES = 8

let site: Site
let page: Page
let injected: Injected
let receiver: Receiver
let secret: string
const ids = { key: '', webhook: '', conversation: '', contact: '' }

async function send(route: string, body?: unknown, headers: Record<string, string> = {}) {
  const [method = '', path = ''] = route.split(' ')
  const answer = await fetch(`${site.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${route} answered ${answer.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text).data
}

/** As the page itself would, with its session. */
const asPage = (route: string, body: object) =>
  page.evaluate(
    async ([method = '', path = '', sent = '']) => {
      const headers = { 'content-type': 'application/json', 'agentclara-environment': 'test' }
      const answer = await fetch(path, { method, headers, body: sent })
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
      return (await answer.json()).data
    },
    [...route.split(' '), JSON.stringify(body)],
  )

/** Each in turn, a few at once. */
async function plant<T, Made>(
  things: readonly T[],
  make: (thing: T, at: number) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = []
  const rest = [...things.entries()]
  const lane = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift())
      made[next[0]] = await make(next[1], next[0])
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return made
}

/** Opens a page, waits for its list, and reads that list to its end. */
async function open(path: string, shown: string): Promise<void> {
  await page.goto(path)
  await page.getByText(shown).first().waitFor()
  // What happens meanwhile reads the list anew, which ends a reading on: the button is pressed until it is gone.
  const more = page.getByRole('main').getByRole('button', { name: 'Load more' })
  const press = async () => {
    if ((await more.count()) > 0) await more.click({ timeout: 5_000 }).catch(() => undefined)
    return more.count()
  }
  await expect.poll(press, { timeout: 60_000, interval: 100 }).toBe(0)
}

async function expectText(texts: readonly string[]): Promise<void> {
  await expect.poll(() => page.evaluate(missingFrom, [...texts]), { timeout: 30_000 }).toEqual([])
  expect(await page.evaluate(harmIn)).toEqual([])
}

describe.skipIf(withoutBrowser !== undefined)('text that wants to be code', () => {
  beforeAll(async () => {
    site = await openSite({ WEBHOOK_RETRY_SECONDS: '600' })
    receiver = await startReceiver()
    page = await (await site.newContext()).newPage()
    page.setDefaultTimeout(30_000)
    injected = await watchInjected(page, site.url)
    await signUp(page, { name: 'Ada Lovelace', email: 'ada@example.com' })
    const key = await asPage('POST /v1/api_keys', { name: 'Planter', preset: 'full' })
    secret = key.secret
    ids.key = key.id
  })
  afterAll(async () => {
    await site?.close()
    await receiver?.stop()
  })

  test('in names of keys, and in what their clients say they are', async () => {
    const made = await plant(payloads, (name) =>
      send('POST /v1/api_keys', { name, permissions: ['contacts:read'] }),
    )
    await plant(headerPayloads, (text) => send('GET /v1/contacts?limit=1', undefined, { 'user-agent': text }))
    await open('/settings/advanced/api-keys', 'Planter')
    await expectText(made.map(({ name }) => name))
    await page.goto(`/settings/advanced/api-keys/${made[0].id}`)
    await page.getByRole('heading', { level: 1 }).getByText(made[0].name).waitFor()
    await page.goto(`/settings/advanced/api-keys/${ids.key}`)
    await page
      .getByRole('button', { name: /show .*(all|more)/i })
      .first()
      .click()
    const { secrets } = await send(`GET /v1/api_keys/${ids.key}/usage`)
    const clients: string[] = secrets[0].clients.map((client: { user_agent: string }) => client.user_agent)
    expect(clients.filter((client) => headerPayloads.includes(client)).length).toBeGreaterThan(5)
    // Their first words are shown, and all of them when pointed at.
    const untold = async () => {
      const titles = await page.evaluate(() =>
        [...document.querySelectorAll('[title]')].map((element) => element.getAttribute('title')),
      )
      return clients.filter((client) => !titles.includes(client))
    }
    await expect.poll(untold, { timeout: 30_000 }).toEqual([])
    await expectText([])
  })

  test('in names, tags and fields of contacts, and the logs of how they came', async () => {
    const made = await plant(payloads, (name, at) =>
      send('POST /v1/contacts', {
        name,
        tags: [payloads[at]?.slice(0, 40)],
        custom_fields: { note: payloads[payloads.length - 1 - at] },
      }),
    )
    ids.contact = made[15].id
    await open('/contacts', made[115]?.name ?? '')
    await expectText(made.map(({ name }) => name))
    await page.goto(`/contacts/${ids.contact}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await expectText([made[15].name, made[15].custom_fields.note])
  })

  test('in messages, subjects and names of customers', async () => {
    const conversation = await send('POST /v1/conversations', {
      channel: 'web',
      customer_email: 'eve@evil.example',
      customer_name: payloads[15],
      subject: payloads[59],
      message: payloads[0],
      sender: 'customer',
      reply: 'none',
    })
    ids.conversation = conversation.id
    // In order, and all on the page: each as a paragraph of a few messages.
    for (const content of packed(2_000))
      await send(`POST /v1/conversations/${ids.conversation}/messages`, { content })
    await plant(payloads, (text, at) =>
      send('POST /v1/conversations', {
        channel: 'web',
        customer_email: `c${at}@evil.example`,
        customer_name: text,
        subject: text,
        message: text,
        sender: 'customer',
        reply: 'none',
      }),
    )
    await page.goto(`/conversations/${ids.conversation}`)
    await page.getByRole('list', { name: 'Messages' }).waitFor()
    await expectText(payloads)
    await open('/conversations', payloads[115] ?? '')
    await expectText(payloads)
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    await expectText([])
  })

  test('in webhooks: their URLs, words and headers, and whatever their receivers answer', async () => {
    const all = payloads.join('\n')
    receiver.answer = () => ({
      status: 500,
      headers: {
        'content-type': 'text/html; x="<svg/onload=alert(1)>"',
        ...Object.fromEntries(headerPayloads.slice(0, 20).map((text, at) => [`x-${at}`, text])),
      },
      body: all,
    })
    const descriptions = packed(500)
    const made = await plant(descriptions, (description, at) =>
      send('POST /v1/webhooks', {
        url:
          at === 0
            ? receiver.url
            : `http://127.0.0.1:9/?q=${encodeURI(description).replaceAll('#', '')}&'onload=alert(1)//`,
        events: at === 0 ? ['contact.created'] : ['conversation.closed'],
        description,
        headers: { 'X-Sent': '"><svg/onload=alert(1)>' },
      }),
    )
    ids.webhook = made[0].id
    await send('POST /v1/contacts', { name: payloads[15] })
    await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBeGreaterThan(0)
    await open('/settings/advanced/webhooks', receiver.url)
    await expectText([])
    await page.goto(`/settings/advanced/webhooks/${made[1].id}`)
    await page.getByText('Deliveries').first().waitFor()
    await expectText([descriptions[1] ?? ''])
    await page.goto(`/settings/advanced/webhooks/${ids.webhook}`)
    const row = page
      .getByRole('table', { name: 'Deliveries' })
      .getByRole('row', { name: /contact\.created.*500/s })
    await row.getByRole('link').first().click()
    await page
      .getByRole('dialog', { name: /contact\.created/ })
      .getByText('500')
      .first()
      .waitFor()
    await expectText([...payloads, ...headerPayloads.slice(0, 20)])
  })

  test('in payloads of events and bodies of logs', async () => {
    const events = () => send('GET /v1/events?type=message.received&limit=1')
    await expect.poll(async () => (await events()).length, { timeout: 30_000 }).toBe(1)
    const [event] = await events()
    await page.goto(`/settings/advanced/events/${event.id}`)
    await page.getByRole('region', { name: 'JSON' }).waitFor()
    await expectText([JSON.stringify(event.data.content)])
    await page.goto('/settings/advanced/events')
    await page.getByRole('list').getByText('message.received').first().waitFor()
    await expectText([])

    await send(`GET /v1/contacts?search=${encodeURIComponent(payloads.slice(0, 3).join(''))}`)
    await send('POST /v1/contacts', {
      name: 'Logged',
      custom_fields: { note: payloads.join('\n').slice(0, 4_000) },
    }).catch(() => {})
    await page.goto('/settings/advanced/logs?method=POST')
    await page
      .getByRole('link', { name: /POST \/contacts/ })
      .first()
      .click()
    await page.getByRole('dialog').getByText('POST /v1/contacts').first().waitFor()
    await expectText([JSON.stringify(payloads[0]).slice(1, -1)])
    await page.goto(
      `/settings/advanced/logs?path=${encodeURIComponent('<img src=x onerror=alert(1)>')}&code=<svg/onload=alert(1)>`,
    )
    await page.getByText('No request').first().waitFor()
    await expectText([])
  })

  test('in names of people and workspaces, where they work and where they are invited to', async () => {
    const names = packed(100).slice(0, 24)
    await plant(names, (name) => asPage('POST /v1/workspaces', { name }))
    await page.goto('/settings/profile')
    await page.getByRole('table', { name: 'Workspaces' }).waitFor()
    await expectText(names)
    const person = '"><img src=x onerror=alert(1)>{{7*7}}<svg/onload=pwned=1>'
    const workspace = '</title><script>alert(1)</script><b xss>Acme</b>'
    const update = await page.evaluate(async (name) => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch('/auth/update-user', { method: 'POST', headers, body: JSON.stringify({ name }) }))
        .status
    }, person)
    expect(update).toBe(200)
    const { workspace: mine } = await page.evaluate(async () => (await (await fetch('/v1/me')).json()).data)
    await asPage(`PATCH /v1/workspaces/${mine.id}`, { name: workspace })
    const { url } = await asPage('POST /v1/invitations', { email: 'guest@example.com', role: 'viewer' })
    for (const [path, title] of [
      ['/settings/members', 'Members'],
      ['/settings/workspace', 'Workspace'],
    ] as const) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
      await expectText([person, workspace])
    }
    const guest = await (await site.newContext()).newPage()
    const seen = await watchInjected(guest, site.url)
    await guest.goto(url)
    await guest.getByRole('heading', { level: 1, name: /^Join/ }).waitFor()
    expect(await guest.evaluate(missingFrom, [person, workspace])).toEqual([])
    expect(await guest.evaluate(harmIn)).toEqual([])
    expect(await seen.done()).toEqual([])
    await guest.context().close()
  })

  test('in addresses of pages that anybody can send a link to', async () => {
    const attack = encodeURIComponent('"><img src=x onerror=alert(1)><script>pwned=1</script>')
    for (const path of [
      `/nothing/${attack}`,
      `/contacts?q=${attack}&tag=${attack}`,
      `/conversations/${attack}`,
      `/settings/advanced/api-keys/${attack}`,
      `/settings/advanced/events?conversation_id=${attack}`,
      `/sign-in?next=${attack}`,
      `/reset-password?token=${attack}`,
      `/invite#${attack}`,
      `/v1/${attack}`,
      `/docs/${attack}`,
    ]) {
      await page.goto(path)
      await page.locator('body').getByText(/\S/).first().waitFor()
      expect({ path, harm: await page.evaluate(harmIn) }).toEqual({ path, harm: [] })
    }
  })

  test('nothing ran, nothing was asked for elsewhere, and the policy had nothing to stop', async () => {
    expect(await injected.done()).toEqual([])
  })
  test('which would have been noticed: a page that took text for markup is told of', async () => {
    await page.evaluate(
      (text) => document.body.insertAdjacentHTML('beforeend', text),
      '<img src=x onerror=alert(1)>',
    )
    expect(await page.evaluate(harmIn)).toContain('img onerror')
    await expect
      .poll(async () => (await injected.done()).join())
      .toMatch(/violation of script-src-attr.*request to|request to.*violation of script-src-attr/)
  })
})
