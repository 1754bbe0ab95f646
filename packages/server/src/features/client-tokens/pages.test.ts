/** Web pages over real HTTP: preflights, what a page may read of an answer, and secret keys that ended up in one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Customer, openShop, type Shop } from './testing/shop.ts'

const PAGE = 'https://shop.example'

let shop: Shop
let ada: Customer
let base: string

beforeAll(async () => {
  shop = await openShop({ PORT: '0' })
  ada = await shop.welcome('Ada')
  base = await shop.server.app.listen()
})
afterAll(() => shop.close())

interface PageRequest {
  secret?: string
  body?: string
  headers?: Record<string, string>
}

/** As a browser sends it for a page of another site. */
function send(route: string, { secret, body, headers = {} }: PageRequest = {}): Promise<Response> {
  const [method = '', path = ''] = route.split(' ')
  return fetch(`${base}${path}`, {
    method,
    headers: {
      origin: PAGE,
      'sec-fetch-site': 'cross-site',
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  })
}

const openTo = (response: Response) => response.headers.get('access-control-allow-origin')

test('a preflight is answered for every path, with the headers that a page needs', async () => {
  const urls = new Set(shop.server.app.http.routeTable.map(({ url }) => url))
  urls.add('/v1/nothing').add('/v1/conversations/conv_none/nothing')
  for (const url of urls) {
    const response = await send(`OPTIONS ${url.replace(':id', ada.conversationId)}`, {
      headers: {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    expect(response.status, url).toBe(204)
    expect(openTo(response), url).toBe('*')
    const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase().split(', ')
    expect(allowed, url).toEqual(expect.arrayContaining(['authorization', 'content-type', 'idempotency-key']))
    const methods = response.headers.get('access-control-allow-methods')?.split(', ')
    const taken = shop.server.app.http.routeTable.filter((route) => route.url === url)
    expect(methods, url).toEqual(expect.arrayContaining(taken.map(({ method }) => method)))
    expect(response.headers.has('access-control-allow-credentials'), url).toBe(false)
  }
})

describe('what a client token is answered, a page may read:', () => {
  const conversation = () => `/v1/conversations/${ada.conversationId}`
  const cases: [string, () => string, string | undefined, number][] = [
    ['a list', () => 'GET /v1/conversations', undefined, 200],
    ['a list’s head', () => 'HEAD /v1/conversations', undefined, 200],
    ['a message sent', () => `POST ${conversation()}/messages`, '{"content":"hi","reply":"none"}', 201],
    ['a reply waited for', () => `POST ${conversation()}/messages`, '{"content":"hi","reply":"wait"}', 201],
    ['a field that is wrong', () => `POST ${conversation()}/messages`, '{"content":""}', 400],
    ['a body that is no JSON', () => `POST ${conversation()}/messages`, '{', 400],
    [
      'a field that isn’t for customers',
      () => `POST ${conversation()}/messages`,
      '{"content":"x","metadata":{}}',
      403,
    ],
    ['a call that isn’t for tokens', () => 'GET /v1/contacts', undefined, 403],
    ['a conversation beyond its reach', () => 'GET /v1/conversations/conv_none', undefined, 404],
    ['the head of one', () => 'HEAD /v1/conversations/conv_none', undefined, 404],
    ['a path that isn’t there', () => 'GET /v1/nothing', undefined, 404],
    ['a path that can’t be read', () => 'GET /v1/%zz', undefined, 404],
    ['a method that isn’t taken', () => 'DELETE /v1/conversations', undefined, 405],
    ['a state that is against it', () => `POST ${conversation()}/handoff`, '{}', 409],
    ['a body that is too large', () => `POST ${conversation()}/messages`, 'x'.repeat(1024 * 1024 + 1), 413],
  ]

  test.each(cases)('%s', async (_name, route, body, status) => {
    const response = await send(route(), {
      secret: ada.contactToken,
      ...(body === undefined ? {} : { body }),
    })
    expect(response.status).toBe(status)
    expect(openTo(response)).toBe('*')
    expect(response.headers.get('access-control-expose-headers')).toContain('X-Request-Id')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('that it has expired', async () => {
    const token = await shop.mint({ contact_id: ada.contactId })
    shop.clock.advance(15 * 60_000)
    const response = await send('GET /v1/conversations', { secret: token })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'client_token_expired' })
    expect(openTo(response)).toBe('*')
    ada = await shop.welcome('Ada')
  })

  test('whatever the case of its scheme', async () => {
    for (const scheme of ['bearer', 'BEARER']) {
      const response = await send('GET /v1/conversations', {
        headers: { authorization: `${scheme} ${ada.contactToken}` },
      })
      expect(response.status).toBe(200)
      expect(openTo(response)).toBe('*')
    }
  })

  test('that it is none', async () => {
    const response = await send('GET /v1/conversations', { secret: 'ct_test_none' })
    expect(response.status).toBe(401)
    expect(openTo(response)).toBe('*')
  })

  test('that its key is revoked', async () => {
    const { id, secret } = await shop.make('/api_keys', { name: 'gone', permissions: ['*'] })
    const token = await shop.mint({ contact_id: ada.contactId }, secret)
    await shop.make(`/api_keys/${id}/revoke`, {})
    const response = await send('GET /v1/conversations', { secret: token })
    expect(response.status).toBe(401)
    expect(openTo(response)).toBe('*')
  })
})

describe('a secret key', () => {
  test('in a page of another site is refused, has no effect, and the page can’t read why', async () => {
    const before = await shop.server.db.selectFrom('contacts').select('id').execute()
    for (const route of [
      'POST /v1/contacts',
      'GET /v1/conversations',
      'HEAD /v1/conversations',
      'GET /v1/me',
    ]) {
      const body = route.startsWith('POST') ? { body: '{"name":"From a page"}' } : {}
      const response = await send(route, { secret: shop.key, ...body })
      expect(response.status, route).toBe(403)
      if (!route.startsWith('HEAD'))
        expect(await response.json()).toMatchObject({ code: 'secret_key_in_browser' })
      expect(openTo(response), route).toBeNull()
    }
    expect(await shop.server.db.selectFrom('contacts').select('id').execute()).toEqual(before)
  })

  test('is answered to a program without a word to pages, whatever the answer', async () => {
    for (const route of [
      'GET /v1/conversations',
      'GET /v1/conversations/conv_none',
      'GET /v1/nothing',
      'DELETE /v1/conversations',
      'POST /v1/contacts',
    ]) {
      const [method = '', path = ''] = route.split(' ')
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${shop.key}` },
      })
      expect(openTo(response), route).toBeNull()
    }
  })
})

test('a page without a token, or with anything else in its place, can read nothing', async () => {
  for (const authorization of [
    undefined,
    '',
    'Basic Y3Q6Y3Q=',
    'Bearer',
    'Bearer sk_test_none',
    'ct_test_none',
  ]) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const response = await send('GET /v1/conversations', { headers })
    expect(response.status, authorization).toBe(401)
    expect(openTo(response), authorization).toBeNull()
  }
})
