/** Which calls a client token can make, and that each of them ends where the token's contact or conversation does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Customer, openShop, type Shop } from './testing/shop.ts'

/** Everything that a page can do, with a body that the call takes. */
const FOR_TOKENS: Record<string, unknown> = {
  listConversations: undefined,
  getConversation: undefined,
  listMessages: undefined,
  createConversation: { channel: 'web' },
  sendMessage: { content: 'x', reply: 'none' },
  handOffConversation: {},
}

let shop: Shop
let ada: Customer
let bob: Customer
let abroad: Customer

beforeAll(async () => {
  shop = await openShop()
  ada = await shop.welcome('Ada')
  bob = await shop.welcome('Bob')
  abroad = await shop.welcome('Abroad', await shop.server.createKey('live'))
})
afterAll(() => shop.close())

const routes = () =>
  shop.server.app.http.routeTable
    .filter(({ access }) => access !== 'public')
    .flatMap((route) => (route.method === 'GET' ? [route, { ...route, method: 'HEAD' }] : [route]))
const tokens = () => [ada.contactToken, ada.conversationToken]
const fill = (url: string, id: string) => url.replace(':id', id).replace('/v1', '')

test('the calls for tokens are there, under these names', () => {
  const names = routes().map(({ operationId }) => operationId)
  expect(names).toEqual(expect.arrayContaining(Object.keys(FOR_TOKENS)))
})

test('every other call is 403 for a token, method by method, whatever it is about', async () => {
  const others = routes().filter(({ operationId }) => !(operationId in FOR_TOKENS))
  expect(others.length).toBeGreaterThan(30)
  for (const { method, url, access } of others) {
    for (const token of tokens()) {
      for (const id of [ada.conversationId, ada.contactId]) {
        const { status, body, headers } = await shop.ask(`${method} ${fill(url, id)}`, token)
        expect(status, `${method} ${url}`).toBe(403)
        expect(headers['www-authenticate'], url).toMatch(/error="insufficient_scope"(?:, scope="\w+:\w+")?$/)
        if (method === 'HEAD') continue
        expect(body.code, `${method} ${url}`).toBe('insufficient_permissions')
        // In the words of the guard: no handler has seen the request.
        expect(body.error, `${method} ${url}`).toBe(
          access === 'person'
            ? 'This call is for people who are signed in'
            : 'A client token can’t make this call',
        )
      }
    }
  }
})

describe('another’s conversation', () => {
  const strange = (): [string, string][] => [
    ['another contact’s', bob.conversationId],
    ['one of the other environment', abroad.conversationId],
    ['one that never was', 'conv_01m86xzqy8eabafb2fvkqh9xvk'],
    ['what is no id', 'none'],
  ]

  test('is the same 404 as one that never was, for every call with an id', async () => {
    const calls = routes().filter(({ operationId, url }) => operationId in FOR_TOKENS && url.includes(':id'))
    expect(calls).toHaveLength(6) // two of them with HEAD
    for (const { method, url, operationId } of calls) {
      for (const token of tokens()) {
        const answers = new Set<string>()
        for (const [name, id] of strange()) {
          const { status, body, text } = await shop.ask(
            `${method} ${fill(url, id)}`,
            token,
            FOR_TOKENS[operationId],
          )
          expect(status, `${method} ${url}: ${name}`).toBe(404)
          if (method !== 'HEAD') answers.add(text.replaceAll(id, 'ID').replace(body.request_id, 'REQUEST'))
        }
        if (method !== 'HEAD') expect([...answers], `${method} ${url}`).toHaveLength(1)
      }
    }
  })

  test('is left as it was, with nothing written to it', async () => {
    const before = await shop.ask(`GET /conversations/${bob.conversationId}`, shop.key)
    for (const token of tokens()) {
      await shop.ask(`POST /conversations/${bob.conversationId}/messages`, token, { content: 'x' })
      await shop.ask(`POST /conversations/${bob.conversationId}/handoff`, token, {})
    }
    const after = await shop.ask(`GET /conversations/${bob.conversationId}`, shop.key)
    expect(after.body.data).toEqual(before.body.data)
  })

  test('of the same contact is beyond a token for one conversation', async () => {
    const body = { channel: 'web', customer_id: ada.contactId }
    const { id = '' } = await shop.make('/conversations', body)
    expect((await shop.ask(`GET /conversations/${id}`, ada.contactToken)).status).toBe(200)
    expect((await shop.ask(`GET /conversations/${id}`, ada.conversationToken)).status).toBe(404)
    const listed = await shop.ask('GET /conversations', ada.conversationToken)
    expect(listed.body.data.map((row: { id: string }) => row.id)).toEqual([ada.conversationId])
  })
})

describe('lists', () => {
  const idsOf = async (token: string, query = ''): Promise<string[]> => {
    const { status, body } = await shop.ask(`GET /conversations${query}`, token)
    expect(status).toBe(200)
    return body.data.map((row: { id: string }) => row.id)
  }

  test('have the contact’s conversations alone, whatever they are filtered by', async () => {
    const own = await idsOf(shop.key, `?customer_id=${ada.contactId}`)
    expect(own.length).toBeGreaterThan(1)
    expect(await idsOf(ada.contactToken)).toEqual(own)
    expect(await idsOf(ada.contactToken, `?customer_id=${ada.contactId}`)).toEqual(own)
    for (const token of tokens()) {
      expect(await idsOf(token, `?customer_id=${bob.contactId}`)).toEqual([])
      for (const query of [
        '?sort=updated',
        '?channel=web',
        '?limit=100',
        '?updated_after=2020-01-01T00:00:00Z',
      ])
        expect(await idsOf(token, query)).not.toContain(bob.conversationId)
    }
  })

  test('can’t be filtered by tags, which would tell what they are', async () => {
    for (const token of tokens()) {
      for (const tag of ['tag-of-the-team', 'none']) {
        expect(await shop.ask(`GET /conversations?tag=${tag}`, token)).toMatchObject({
          status: 403,
          body: { code: 'insufficient_permissions', param: 'tag' },
        })
      }
    }
  })

  test('go on with a cursor of the same contact’s tokens, and of nobody else', async () => {
    const next = async (path: string, token: string) =>
      (await shop.ask(`GET ${path}`, token)).body.pagination.next_cursor
    await shop.make('/conversations', { channel: 'web', customer_id: bob.contactId })
    const renewed = await shop.mint({ contact_id: ada.contactId })
    const lists: [string, string][] = [
      ['/conversations?limit=1', ada.contactToken],
      [`/conversations/${ada.conversationId}/messages?limit=1`, ada.contactToken],
      [`/conversations/${ada.conversationId}/messages?limit=1`, ada.conversationToken],
      ['/conversations?limit=1', shop.key],
      ['/conversations?limit=1', bob.contactToken],
    ]
    const callers = [ada.contactToken, ada.conversationToken, bob.contactToken, shop.key]
    for (const [path, owner] of lists) {
      const cursor = await next(path, owner)
      expect(cursor, path).toEqual(expect.any(String))
      for (const caller of callers.filter((one) => one !== owner)) {
        const { status, body } = await shop.ask(`GET ${path}&cursor=${cursor}`, caller)
        expect(status, path).toBe(400)
        expect(body.code).toBe('invalid_cursor')
      }
      const same = owner === ada.contactToken ? renewed : owner
      expect((await shop.ask(`GET ${path}&cursor=${cursor}`, same)).status, path).toBe(200)
    }
  })
})
