/** Other sites against somebody who is signed in here: writing in their name, taking their session, leading them away, looking over their shoulder. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSite, PASSWORD, type Site, signUp, withoutBrowser } from './site.ts'

const VICTIM = { name: 'Ada Lovelace', email: 'ada@example.com' }
const ATTACKER = { name: 'Eve', email: 'eve@example.com' }
const SESSION = 'agentclara.session'

let site: Site
let victim: BrowserContext
let page: Page
let evil: Server
let evilPort: number

async function newPage(context: BrowserContext): Promise<Page> {
  const made = await context.newPage()
  made.setDefaultTimeout(30_000)
  return made
}

const isIn = (where: Page) => where.getByRole('button', { name: /account menu/ }).waitFor()

async function signIn(where: Page, email: string, path = '/sign-in'): Promise<void> {
  await where.goto(path)
  await where.getByLabel('E-mail').fill(email)
  await where.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await where.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function signOut(where: Page): Promise<void> {
  await where.getByRole('button', { name: /account menu/ }).click()
  await where.getByRole('menuitem', { name: 'Sign out' }).click()
  await where.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
}

const read = (where: Page, path: string) =>
  where.evaluate(async (asked) => {
    const answer = await fetch(asked)
    return { status: answer.status, body: await answer.json() }
  }, path)

/** What an attack would have changed. */
const state = async () => {
  const paths = ['/v1/contacts', '/v1/api_keys', '/v1/webhooks', '/v1/workspaces', '/v1/members', '/v1/me']
  const all = await Promise.all(paths.map((path) => read(page, path)))
  return all.map(({ status, body }) => ({
    status,
    data: body.data?.user ?? body.data?.map?.(({ id }: { id: string }) => id),
  }))
}

const cookie = async (context: BrowserContext) =>
  (await context.cookies()).find(({ name }) => name === SESSION)

describe.skipIf(withoutBrowser !== undefined)('another site', () => {
  beforeAll(async () => {
    site = await openSite()
    evil = createServer((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Win a prize</title>')
    })
    evil.listen(0, '127.0.0.1')
    await once(evil, 'listening')
    evilPort = (evil.address() as AddressInfo).port // it listens on a port
    victim = await site.newContext()
    page = await newPage(victim)
    await signUp(page, VICTIM)
    const other = await newPage(await site.newContext())
    await signUp(other, ATTACKER, 'Evil')
    await other.context().close()
  })
  afterAll(async () => {
    await site?.close()
    evil?.closeAllConnections()
    evil?.close()
  })

  test.each([
    ['of another name', () => `http://127.0.0.1:${evilPort}/`],
    // The same site to a browser, which sends it the cookies.
    ['of another port', () => `http://localhost:${evilPort}/`],
  ])('%s can’t write in the name of who is signed in, by fetch or by form', async (_name, origin) => {
    const before = await state()
    expect(before.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    const workspace = before[3]?.data[0]
    const attack = await newPage(victim)
    const answered: { route: string; status: number }[] = []
    attack.on('response', (response) => {
      const { pathname } = new URL(response.url())
      const method = response.request().method()
      if (response.url().startsWith(site.url) && method !== 'GET' && method !== 'OPTIONS')
        answered.push({ route: `${method} ${pathname}`, status: response.status() })
    })
    await attack.goto(origin())
    const wishes: [string, string, object][] = [
      ['POST', '/v1/contacts', { name: 'Planted' }],
      ['POST', '/v1/api_keys', { name: 'Planted', preset: 'full' }],
      ['POST', '/v1/webhooks', { url: 'https://evil.example/', events: ['*'] }],
      ['POST', '/v1/invitations', { email: 'eve@example.com', role: 'owner' }],
      ['POST', '/v1/workspaces', { name: 'Planted' }],
      ['PATCH', `/v1/workspaces/${workspace}`, { name: 'Planted' }],
      ['DELETE', `/v1/workspaces/${workspace}`, { name: 'Acme' }],
      ['POST', '/v1/me/sessions/revoke_others', {}],
      ['POST', '/auth/sign-out', {}],
      ['POST', '/auth/update-user', { name: 'Planted' }],
      ['POST', '/auth/sign-in/email', { email: ATTACKER.email, password: PASSWORD }],
      [
        'POST',
        '/auth/change-password',
        { currentPassword: PASSWORD, newPassword: 'planted password', revokeOtherSessions: true },
      ],
    ]
    const readable = await attack.evaluate(
      async ([base, all]) => {
        const seen: string[] = []
        for (const [method, path, body] of all)
          for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded'])
            for (const mode of ['cors', 'no-cors'] as const) {
              const sent = JSON.stringify(body)
              const headers = { 'content-type': type }
              await fetch(base + path, { method, mode, headers, body: sent, credentials: 'include' }).then(
                async (answer) => answer.type !== 'opaque' && seen.push(`${path} ${await answer.text()}`),
                () => undefined,
              )
            }
        for (const path of ['/v1/me', '/v1/contacts', '/v1/api_keys', '/auth/passkey/list-user-passkeys'])
          await fetch(base + path, { credentials: 'include' }).then(
            async (answer) => seen.push(`${path} ${await answer.text()}`),
            () => undefined,
          )
        return seen
      },
      [site.url, wishes] as const,
    )
    expect(readable).toEqual([])

    for (const [method, path, body] of wishes.filter(([wish]) => wish === 'POST')) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
        await attack.goto(origin())
        // A field whose name is JSON up to its value: as text, the form is JSON as a whole.
        const name = JSON.stringify({ ...body, x: '' }).slice(0, -2)
        const answer = attack.waitForResponse((response) => response.url() === site.url + path)
        await attack.evaluate(
          ([action = '', encoding = '', field = '']) => {
            const form = document.createElement('form')
            Object.assign(form, { action, enctype: encoding, method: 'post' })
            const input = document.createElement('input')
            Object.assign(input, { name: field, value: '"}' })
            form.append(input)
            document.body.append(form)
            form.submit()
          },
          [site.url + path, type, name],
        )
        expect({ method, path, isRefused: (await answer).status() >= 400 }).toEqual({
          method,
          path,
          isRefused: true,
        })
        await attack.waitForURL(site.url + path)
      }
    }
    expect(answered.length).toBeGreaterThan(wishes.length)
    expect(answered.filter(({ status }) => status < 400)).toEqual([])
    await attack.close()
    expect(await state()).toEqual(before)
  })

  test('can’t show these pages in a frame', async () => {
    const attack = await newPage(victim)
    await attack.goto(`http://localhost:${evilPort}/`)
    for (const path of ['/', '/settings/advanced/api-keys', '/sign-in', '/docs']) {
      await attack.evaluate((src) => {
        const frame = document.createElement('iframe')
        frame.src = src
        document.body.replaceChildren(frame)
      }, site.url + path)
      const framed = () => attack.frames().map((frame) => frame.url())
      await expect.poll(framed, { timeout: 30_000 }).toContain('chrome-error://chromewebdata/')
    }
    await attack.close()
  })

  test('can’t fix a session before somebody signs in', async () => {
    const attacker = await site.newContext()
    const own = await newPage(attacker)
    await signIn(own, ATTACKER.email)
    await isIn(own)
    const planted = await cookie(attacker)
    if (planted === undefined) throw new Error('the attacker has no session')
    for (const value of [planted.value, 'chosen-by-the-attacker', `${'a'.repeat(32)}.${'b'.repeat(43)}%3D`]) {
      const context = await site.newContext()
      await context.addCookies([{ ...planted, value }])
      const target = await newPage(context)
      await signIn(target, VICTIM.email)
      await isIn(target)
      expect((await cookie(context))?.value).not.toBe(value)
      expect((await read(target, '/v1/me')).body.data.user.email).toBe(VICTIM.email)
      await context.close()
    }
    // Whoever signed in over it ended it: it is no way to them.
    expect((await read(own, '/v1/me')).body.data?.user.email).not.toBe(VICTIM.email)
    await attacker.close()
  })

  test('leads nobody away by the address that sign-in goes on to', async () => {
    const context = await site.newContext()
    const target = await newPage(context)
    const away: string[] = []
    target.on('request', (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) away.push(request.url())
    })
    const nexts = [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      '%2F%2Fevil.example',
      '/%09/evil.example',
    ]
    nexts.push(
      'javascript:alert(1)',
      '/.//evil.example',
      '%255Cevil.example',
      '/%5Cevil.example',
      '/@evil.example',
    )
    for (const next of nexts) {
      await signIn(target, VICTIM.email, `/sign-in?next=${next}`)
      await target.waitForURL(({ pathname }) => pathname !== '/sign-in')
      expect(new URL(target.url()).origin).toBe(site.url)
      await context.clearCookies()
    }
    await signIn(target, VICTIM.email, '/sign-in?next=/contacts')
    await target.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor()
    expect(away).toEqual([])
    await context.close()
  })

  test('reads no cookie: the session is for the server alone', async () => {
    expect(await cookie(victim)).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: false, path: '/' })
    expect(await page.evaluate(() => document.cookie)).toBe('')
  })

  test('answers are kept by nobody in between, and secrets are kept nowhere in the browser', async () => {
    const created = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ name: 'Stored?', preset: 'full' })
      return (await (await fetch('/v1/api_keys', { method: 'POST', headers, body })).json()).data
    })
    const kept = await page.evaluate(async () => {
      const caching: Record<string, string | null> = {}
      for (const path of ['/v1/me', '/v1/contacts', '/v1/api_keys', '/auth/config', '/v1/nothing'])
        caching[path] = (await fetch(path)).headers.get('cache-control')
      return {
        caching: [...new Set(Object.values(caching))],
        page: (await fetch('/contacts', { headers: { accept: 'text/html' } })).headers.get('cache-control'),
        databases: (await indexedDB.databases()).length,
        caches: (await caches.keys()).length,
        workers: (await navigator.serviceWorker.getRegistrations()).length,
      }
    })
    expect(kept).toEqual({ caching: ['no-store'], page: 'no-cache', databases: 0, caches: 0, workers: 0 })
    await page.goto(`/settings/advanced/api-keys/${created.id}`)
    await page.getByRole('heading', { level: 1, name: /Stored/ }).waitFor()
    const storage = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
    const session = decodeURIComponent((await cookie(victim))?.value ?? '')
    for (const secret of [created.secret, PASSWORD, session, VICTIM.email])
      expect(storage).not.toContain(secret)
    expect(storage).not.toMatch(/sk_|whsec_|eyJ/)
  })

  test('who goes back after signing out sees nothing of what was there', async () => {
    await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      await fetch('/v1/contacts', { method: 'POST', headers, body: JSON.stringify({ name: 'Alan Turing' }) })
    })
    await page.goto('/contacts')
    await page.getByText('Alan Turing').waitFor()
    const tab = await newPage(victim)
    await tab.goto('/contacts')
    await tab.getByText('Alan Turing').waitFor()
    await signOut(page)
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    expect(await page.content()).not.toContain('Alan Turing')

    // As a browser does that kept the page as it was.
    await tab.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await tab.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    expect(await tab.content()).not.toContain('Alan Turing')
  })
})
