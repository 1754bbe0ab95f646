/** The tenancy rule, shown on every route that there is: a key sees its own environment, and of all else nothing. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { permissions } from './principal.ts'
import { createTestApp, type TestApp } from './testing/app.ts'
import { signUp } from './testing/browser.ts'

let server: TestApp
let owner: string
let strangers: { name: string; key: string }[]
/** What the owner has: by the path segment that its routes begin with. */
const owned: Record<string, string> = {}

/** Valid bodies, so that a request gets as far as looking for the id. A new route with a body must be added here. */
const bodies: Record<string, unknown> = {
  createApiKey: { name: 'x' },
  updateApiKey: { name: 'x' },
  revokeApiKey: {},
  rotateApiKey: {},
  finishApiKeyRotation: {},
  cancelApiKeyRotation: {},
  quarantineApiKey: {},
  releaseApiKey: {},
  updateApiKeySettings: { leak_response: 'quarantine' },
  reportLeaks: { secret: 'sk_test_none' },
  // Filled in with the owner's contact once there is one.
  createClientToken: {},
  createContact: { name: 'x' },
  updateContact: { name: 'x' },
  createConversation: { channel: 'web' },
  updateConversation: { subject: 'x' },
  sendMessage: { content: 'x' },
  closeConversation: {},
  resolveConversation: {},
  reopenConversation: {},
  handOffConversation: {},
  returnConversationToClara: {},
  readConversation: {},
  createWebhook: { url: 'http://127.0.0.1:9/hook', events: ['*'] },
  updateWebhook: { description: 'x' },
  checkWebhookUrl: { url: 'http://127.0.0.1:9/hook' },
  testWebhook: {},
  rotateWebhookSecret: {},
  pauseWebhook: {},
  resumeWebhook: {},
  redeliver: {},
  recoverWebhook: { since: new Date(Date.now() - 1000).toISOString() },
  createKnowledgeSource: { type: 'text', title: 'x', content: 'x' },
  updateKnowledgeSource: { title: 'x' },
  searchKnowledge: { query: 'Zanzibar opening' },
  askAgent: { question: 'When does Zanzibar open?' },
  updateMember: { role: 'viewer' },
  createInvitation: { email: 'zanzibar-friend@example.com', role: 'viewer' },
  resendInvitation: {},
  lookUpInvitation: { token: 'none' },
  acceptInvitation: { token: 'none' },
  createWorkspace: { name: 'x' },
  updateWorkspace: { name: 'x' },
  revokeMyOtherSessions: {},
  proveMe: { password: 'x' },
  getProofPasskeyOptions: {},
}

beforeAll(async () => {
  server = await createTestApp()
  owner = await server.createKey('test')
  await server.createWorkspace('Other')
  strangers = [
    { name: 'the live environment of the same workspace', key: await server.createKey('live') },
    {
      name: 'the test environment of another workspace',
      key: await server.createKey('test', ['*'], 'Other'),
    },
  ]
  const make = async (route: string, body: unknown): Promise<string> =>
    (await server.request(`POST /v1${route}`, { key: owner, body })).body.data.id
  owned.api_keys = await make('/api_keys', { name: 'secret-name' })
  owned.contacts = await make('/contacts', {
    name: 'Zanzibar Contact',
    email: 'zanzibar@example.com',
    tags: ['zanzibar'],
  })
  owned.conversations = await make('/conversations', {
    channel: 'web',
    customer_id: owned.contacts,
    message: 'Zanzibar',
  })
  bodies.createClientToken = { contact_id: owned.contacts }
  const content = 'Zanzibar opens at nine in the morning.'
  owned.knowledge = await make('/knowledge/sources', { type: 'text', title: 'Zanzibar', content })
  const webhook = { url: 'http://127.0.0.1:9/zanzibar-hook', events: ['*'] }
  const made = await server.request('POST /v1/webhooks', { key: owner, body: webhook })
  owned.webhooks = made.body.data.id
  owned.deliveries = made.body.data.test_delivery_id
  const delivery = () => server.request(`GET /v1/deliveries/${owned.deliveries}`, { key: owner })
  await vi.waitUntil(async () => (await delivery()).status === 200)
  owned.recoveries = await make(`/webhooks/${owned.webhooks}/recover`, {
    since: new Date(Date.now() - 60_000).toISOString(),
  })
  owned.request_logs = String(made.headers['x-request-id'])
  owned.invitations = await make('/invitations', bodies.createInvitation)
  const person = await signUp(server, 'Zanzibar')
  owned.members = (await person.must('GET /v1/members')).body.data[0].id
  const events = await server.request('GET /v1/events', { key: owner })
  owned.events = events.body.data[0].id
})
afterAll(() => server.close())

/** Signing in, which no key does, has tests of its own. */
const routes = () =>
  server.app.http.routeTable.filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/auth/'))
/** Those that a key may call. */
const keyRoutes = () => routes().filter(({ access }) => access !== 'person')
/** People belong to a workspace, with both its environments. */
const isOfWorkspace = (url: string) => /^\/v1\/(?:members|invitations)/.test(url)

function bodyOf(operationId: string, method: string): unknown {
  if (method === 'GET' || method === 'DELETE') return undefined
  if (!(operationId in bodies)) throw new Error(`add a valid body for ${operationId} to this test`)
  return bodies[operationId]
}

/** A stream of events never ends: it is asked for what it refuses. Its own test shows what is in it. */
const ENDLESS = '/v1/events/stream'

function pathOf(url: string): string {
  if (url === ENDLESS) return `${url}?types=none`
  const path = url.replace(':id', owned[url.split('/')[2] ?? ''] ?? 'none')
  return url.endsWith('/explain') ? `${path}?webhook_id=${owned.webhooks}` : path
}

test('the owner finds each of its own things by the very same requests', async () => {
  for (const { method, url, operationId } of keyRoutes().filter(
    (route) => route.url.includes(':id') && route.method === 'GET',
  )) {
    expect((await server.request(`${method} ${pathOf(url)}`, { key: owner })).status, operationId).toBe(200)
  }
})

describe.each([0, 1])('a stranger (%i)', (index) => {
  test('gets 404 for every route with an id of the owner, and changes nothing', async () => {
    const { key, name } = strangers[index] as { key: string; name: string }
    const before = await snapshot()
    for (const { method, url, operationId } of keyRoutes().filter((route) => route.url.includes(':id'))) {
      if (index === 0 && isOfWorkspace(url)) continue
      const { status, body } = await server.request(`${method} ${pathOf(url)}`, {
        key,
        body: bodyOf(operationId, method),
      })
      expect(status, `${method} ${url} from ${name}`).toBe(404)
      expect(body.code).toBe('not_found')
      const mayKnow = index === 0 ? /belongs to the test environment/ : /There is no/
      expect(body.hint, `${method} ${url}`).toMatch(mayKnow)
    }
    expect(await snapshot()).toEqual(before)
  })

  test('sees nothing of the owner in any list, search or answer', async () => {
    const { key, name } = strangers[index] as { key: string; name: string }
    for (const { method, url, operationId, access } of keyRoutes()) {
      if (url.includes(':') || url === ENDLESS || access === 'public') continue
      if (index === 0 && isOfWorkspace(url)) continue
      const query = operationId === 'searchContacts' ? '?q=zanzibar' : ''
      const body = bodyOf(operationId, method)
      const { text } = await server.request(`${method} ${url}${query}`, { key, body })
      for (const trace of [
        ...Object.values(owned),
        'zanzibar@example.com',
        'secret-name',
        'nine in the morning',
        'zanzibar-hook',
      ]) {
        // What the stranger said itself it may hear again.
        if (JSON.stringify(body ?? null).includes(trace)) continue
        // And the log of its requests says which ids it asked for.
        if (operationId === 'listRequestLogs' && Object.values(owned).includes(trace)) continue
        expect(text, `${method} ${url} from ${name}`).not.toContain(trace)
      }
    }
  })

  test('can’t point to what is the owner’s from a body or a query', async () => {
    const { key } = strangers[index] as { key: string }
    const body = { channel: 'web', customer_id: owned.contacts }
    expect((await server.request('POST /v1/conversations', { key, body })).status).toBe(404)
    for (const query of [
      `conversations?customer_id=${owned.contacts}`,
      `events?conversation_id=${owned.conversations}`,
    ]) {
      expect((await server.request(`GET /v1/${query}`, { key })).body.data).toEqual([])
    }
  })

  test('can’t use a cursor of the owner', async () => {
    const { key } = strangers[index] as { key: string }
    await server.request('POST /v1/contacts', { key: owner, body: { name: 'Second' } })
    const { body } = await server.request('GET /v1/contacts?limit=1', { key: owner })
    const page = await server.request(`GET /v1/contacts?limit=1&cursor=${body.pagination.next_cursor}`, {
      key,
    })
    expect(page.body.code).toBe('invalid_cursor')
  })
})

test('the same e-mail belongs to different contacts in different environments', async () => {
  const { key } = strangers[0] as { key: string }
  const body = { name: 'Twin', email: 'zanzibar@example.com' }
  expect((await server.request('POST /v1/contacts', { key, body })).status).toBe(201)
})

test('without a key every route but the public ones is 401', async () => {
  for (const { method, url, access, operationId } of routes()) {
    const { status } = await server.request(`${method} ${pathOf(url)}`, { body: bodyOf(operationId, method) })
    if (access === 'public') expect([200, 202, 404], url).toContain(status)
    else expect(status, `${method} ${url}`).toBe(401)
  }
})

const ASKS_FOR_MORE = new Set([
  'createApiKey',
  'updateApiKeySettings',
  'createInvitation',
  'resendInvitation',
  'deleteInvitation',
  'updateMember',
  'deleteMember',
])

test('without its permission every route is 403, with it alone it is not', async () => {
  const all = await Promise.all(
    permissions.map(
      async (permission) => [permission, await server.createKey('live', [permission])] as const,
    ),
  )
  const keys = new Map<string, string>(all)
  for (const { method, url, access, operationId } of routes()) {
    if (access === 'public' || access === 'any_key') continue
    if (access === 'person') {
      const [[, key] = []] = all
      const asked = { key: key ?? '', body: bodyOf(operationId, method) }
      expect((await server.request(`${method} ${pathOf(url)}`, asked)).status, url).toBe(403)
      continue
    }
    const [resource] = access.split(':')
    const allowing = new Set([access, `${resource}:write`])
    for (const [permission, key] of keys) {
      // These ask for more than the route's permission: what they give, whom they are about.
      if (ASKS_FOR_MORE.has(operationId)) continue
      const { status } = await server.request(`${method} ${pathOf(url)}`, {
        key,
        body: bodyOf(operationId, method),
      })
      // A replay takes events:read, too.
      if (allowing.has(permission) && operationId !== 'recoverWebhook')
        expect(status, `${method} ${url} with ${permission}`).not.toBe(403)
      else expect(status, `${method} ${url} with ${permission}`).toBe(403)
    }
  }
})

async function snapshot(): Promise<unknown> {
  const tables = [
    'api_keys',
    'api_key_audit',
    'environments',
    'contacts',
    'conversations',
    'messages',
    'members',
    'invitations',
    'knowledge_sources',
    'events',
  ] as const
  return Promise.all(
    tables.map(async (table) => {
      const rows = await server.db.selectFrom(table).selectAll().orderBy('id').execute()
      return rows.map((row) => ({ ...row, last_used_at: undefined }))
    }),
  )
}
