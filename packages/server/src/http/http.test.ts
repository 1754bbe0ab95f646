/** What holds for every route: the envelope, request ids, statuses of things that aren't there, bad input. */
import { connect } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../testing/app.ts'

let server: TestApp
let key: string

beforeAll(async () => {
  server = await createTestApp({ env: { PORT: '0' } })
  key = await server.createKey()
})
afterAll(() => server.close())

test('every answer has a request id of its own and is kept by no cache', async () => {
  const routes = [
    'GET /v1/me',
    'GET /v1/nothing',
    'POST /v1/me',
    'GET /',
    'GET /%zz',
    'GET /v1/events?limit=0',
  ]
  const ids = new Set<unknown>()
  for (const route of routes) {
    const { headers, body } = await server.request(route, { key })
    expect(headers['x-request-id']).toMatch(/^req_[0-9a-z]{26}$/)
    expect(headers['cache-control']).toBe('no-store')
    if (body.success === false) expect(body.request_id).toBe(headers['x-request-id'])
    ids.add(headers['x-request-id'])
  }
  expect(ids.size).toBe(routes.length)
})

test('a path that isn’t there is 404, a method that isn’t taken 405 with Allow', async () => {
  const missing = await server.request('GET /v1/nothing', { key })
  expect(missing.status).toBe(404)
  expect(missing.body).toMatchObject({
    success: false,
    error: 'There is no GET /v1/nothing',
    code: 'not_found',
  })
  expect((await server.request('GET /contacts')).body.hint).toBe('Did you mean /v1/contacts?')
  expect((await server.request('GET /v1/conversation')).body.hint).toBe('Did you mean /v1/conversations?')
  const wrong = await server.request('DELETE /v1/contacts/search', { key })
  expect(wrong.status).toBe(405)
  expect(wrong.body).toMatchObject({ success: false, code: 'method_not_allowed' })
  expect(wrong.headers.allow).toBe('GET, HEAD')
})

test('a trailing slash makes no difference', async () => {
  expect((await server.request('GET /v1/contacts/', { key })).status).toBe(200)
})

test('the page that an error links to is there', async () => {
  const { body } = await server.request('GET /v1/me')
  const page = await server.request(`GET ${new URL(body.doc_url).pathname}`)
  expect(page.status).toBe(200)
  expect(page.text).toContain('<h1>unauthorized</h1>')
  expect((await server.request('GET /docs/errors/%3Cscript%3E')).status).toBe(404)
})

describe('bodies', () => {
  const send = (
    body: string | Buffer,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => server.request('POST /v1/contacts', { key, body: String(body), headers })

  test('that are no JSON are refused with the place', async () => {
    const { status, body } = await send('{"name": "Ada",}')
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'malformed_json', hint: expect.stringContaining('position') })
    expect((await send('')).status).toBe(400)
    expect((await send('[]')).body).toMatchObject({
      code: 'validation_failed',
      error: 'The body must be a JSON object',
    })
    expect((await send('null')).status).toBe(400)
  })

  test('that are no UTF-8 are refused', async () => {
    const response = await server.app.http.inject({
      method: 'POST',
      url: '/v1/contacts',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      payload: Buffer.from([0x7b, 0x22, 0x6e, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
    })
    expect(response.json()).toMatchObject({ code: 'malformed_json', hint: expect.stringContaining('UTF-8') })
  })

  test('of another type are 415, and too large ones 413', async () => {
    expect((await send('name=Ada', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
    expect((await send('<a/>', { 'content-type': 'text/xml' })).body.code).toBe('unsupported_media_type')
    expect((await send(JSON.stringify({ name: 'x'.repeat(1024 * 1024) }))).body.code).toBe(
      'payload_too_large',
    )
  })

  test('that are empty need no type, and one that is wrong makes no difference', async () => {
    const { body } = await send('{"name": "Ada"}')
    const conversation = await server.request('POST /v1/conversations', {
      key,
      body: { channel: 'web', customer_id: body.data.id },
    })
    const close = await server.app.http.inject({
      method: 'POST',
      url: `/v1/conversations/${conversation.body.data.id}/close`,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': '0',
      },
    })
    expect(close.statusCode).toBe(200)
  })

  test('with what can’t be stored are refused naming the field', async () => {
    for (const text of ['\\u0000', '\\ud83d']) {
      const { status, body } = await send(`{"name":"a${text}"}`)
      expect(status).toBe(400)
      expect(body.param).toBe('name')
    }
    expect((await send(`{"name":"x","custom_fields":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`)).status).toBe(
      400,
    )
    expect((await send('{"name":"x","custom_fields":{"__proto__":{"a":1}}}')).status).toBe(400)
  })

  test('list all that is wrong, and suggest what was meant', async () => {
    const { body } = await send('{"nam":"Ada","tags":"vip","emial":"a@b.c"}')
    expect(body.code).toBe('validation_failed')
    const issues = new Map(
      body.details.issues.map((issue: { param: string; message: string }) => [issue.param, issue.message]),
    )
    expect(body.param).toBe('nam')
    expect([...issues.keys()].toSorted()).toEqual(['emial', 'nam', 'name', 'tags'])
    expect(issues.get('emial')).toContain('did you mean `email`?')
    expect(issues.get('tags')).toBe('`tags` must be a list')
  })

  test('with nothing but unknown fields say so', async () => {
    const { body } = await send('{"name":"Ada","colour":"red"}')
    expect(body).toMatchObject({ code: 'unknown_field', param: 'colour' })
  })

  test('of calls that take none are refused when there is something in them', async () => {
    const conversation = await server.request('POST /v1/conversations', { key, body: { channel: 'web' } })
    const path = `/v1/conversations/${conversation.body.data.id}`
    expect((await server.request(`POST ${path}/close`, { key, body: { reason: 'x' } })).body.code).toBe(
      'unknown_field',
    )
    expect((await server.request(`POST ${path}/close`, { key, body: {} })).status).toBe(200)
  })
})

describe('queries', () => {
  test.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=10001', 'offset'],
    ['sort=age', 'sort'],
    ['serch=x', 'serch'],
    ['search=%00', 'search'],
    ['cursor=abc', 'cursor'],
    ['limit=1&limit=2', 'limit'],
  ])('%s is refused naming %s', async (query, param) => {
    const { status, body } = await server.request(`GET /v1/contacts?${query}`, { key })
    expect(status).toBe(400)
    expect(body.param).toBe(param)
  })
})

test('what is no HTTP is answered in the envelope, too', async () => {
  const url = new URL(await server.app.listen())
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(url.port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'))
    let text = ''
    socket.on('data', (chunk) => (text += chunk))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
    success: false,
    request_id: expect.stringMatching(/^req_/),
  })
})

test('a defect is answered without its inside, and logged under the request id', async () => {
  await server.db.schema.alterTable('contacts').renameTo('contacts_away').execute()
  try {
    const { status, body, text } = await server.request('GET /v1/contacts', { key })
    expect(status).toBe(500)
    expect(body).toMatchObject({ success: false, code: 'internal_error' })
    expect(text).not.toMatch(/relation|select|contacts_away|at .*\.ts/i)
    expect(server.logLines.join('')).toContain(body.request_id)
  } finally {
    await server.db.schema.alterTable('contacts_away').renameTo('contacts').execute()
  }
})

test.each([
  ['POST /v1/api_keys', JSON.stringify({ name: 'minted' })],
  // It takes no body, but waits for one that is announced.
  ['DELETE /v1/contacts/cust_00000000000000000000000000', '{}     '],
])('a key that is revoked while the body of %s arrives is refused when it is there', async (route, body) => {
  const maker = await server.request('POST /v1/api_keys', { key, body: { name: 'slow' } })
  const { id, secret } = maker.body.data
  const url = new URL(server.app.http.listeningOrigin)
  const answer = await new Promise<string>((resolve, reject) => {
    let text = ''
    const socket = connect(Number(url.port), '127.0.0.1', () => {
      socket.write(
        `${route} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\r\nConnection: close\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
      )
      // Once the server has seen the headers, the key has been used.
      const used = async (): Promise<void> => {
        const isUsed = async (): Promise<boolean> =>
          (await server.request(`GET /v1/api_keys/${id}`, { key })).body.data.last_used_at !== null
        // Not as fast as it goes: the key that asks has a limit.
        await vi.waitUntil(isUsed, { interval: 50, timeout: 10_000 })
        await server.request(`POST /v1/api_keys/${id}/revoke`, { key })
        socket.write(body.slice(5))
      }
      used().catch(reject)
    })
    socket.on('data', (chunk) => (text += chunk))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  expect(answer).toContain('api_key_revoked')
})

test.each([
  ['GET /v1/events?after_sequence=1e300', 400],
  ['GET /v1/conversations?updated_after=2026-06-30T23:59:60Z', 400],
  [`GET /v1/contacts/${'a'.repeat(5_000)}`, 404],
])('%s is the client’s mistake', async (route, status) => {
  expect((await server.request(route, { key })).status).toBe(status)
})

test.each([
  ['GET /v1/SECRET', undefined],
  ['GET /v1/api_keys/SECRET', undefined],
  ['POST /v1/contacts/SECRET', undefined],
  ['POST /v1/contacts', { SECRET: 1 }],
  ['POST /v1/contacts', { name: 'x', metadata: { a: { SECRET: '\0' } } }],
])('a secret that was put into %s %j by mistake is not in the answer', async (route, body) => {
  const secret = await server.createKey()
  const put = (text: string) => text.replace('SECRET', secret)
  const answer = await server.request(put(route), {
    key,
    ...(body === undefined ? {} : { body: put(JSON.stringify(body)) }),
  })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.text).not.toContain(secret.slice(8))
})

test('a database connection that breaks under a request costs that request, and nothing else', async () => {
  const { body } = await server.request('POST /v1/conversations', { key, body: { channel: 'web' } })
  const holder = new pg.Client({ connectionString: server.url })
  await holder.connect()
  await holder.query('BEGIN')
  await holder.query('SELECT FROM conversations WHERE id = $1 FOR UPDATE', [body.data.id])
  const waiting = server.request(`POST /v1/conversations/${body.data.id}/close`, { key })
  const blocked = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
  await expect.poll(async () => (await holder.query(blocked)).rowCount).toBe(1)
  await holder.query(`SELECT pg_terminate_backend(pid) FROM (${blocked}) AS waiting`)
  const answer = await waiting
  expect(answer.status).toBe(503)
  expect(answer.body.code).toBe('unavailable')
  expect(answer.headers['retry-after']).toBe('1')
  await holder.query('ROLLBACK')
  await holder.end()
  expect((await server.request(`POST /v1/conversations/${body.data.id}/close`, { key })).status).toBe(200)
})
