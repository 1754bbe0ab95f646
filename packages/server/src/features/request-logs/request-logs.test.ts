/** Request logs over HTTP: every request by a known key is in them once, as it was, without its secrets, and for its own environment. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Id, newIdAt } from '../../lib/ids.ts'
import type { Grant } from '../../principal.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { timesOf } from './service.ts'
import { selectRequestLog } from './store.ts'

let server: TestApp
let owner: string

beforeAll(async () => {
  server = await createTestApp({ env: { PORT: '0', AGENTCLARA_REQUEST_LOG_REDACT: 'notes' } })
  owner = await server.createKey()
})
afterAll(() => server.close())

async function createKey(body: Record<string, unknown> = {}) {
  const made = await server.request('POST /v1/api_keys', { key: owner, body: { name: 'x', ...body } })
  expect(made.status).toBe(201)
  return made.body.data as { id: string; secret: string }
}
const list = async (query: string, key = owner) => {
  const answer = await server.request(`GET /v1/request_logs?${query}`, { key })
  expect(answer.status).toBe(200)
  return answer.body
}
const get = (id: unknown, key = owner) => server.request(`GET /v1/request_logs/${id}`, { key })
const detailOf = async (answer: { headers: Record<string, unknown> }, key = owner) => {
  const { status, body } = await get(answer.headers['x-request-id'], key)
  expect(status).toBe(200)
  return body.data
}
const MISSING = 'cust_01h455vb4pex5vsknk084sn02q'

describe('what is kept', () => {
  test('every request by a known key is there once, with how it ended; those of nobody are not', async () => {
    const { id, secret } = await createKey({ permissions: ['contacts:write'] })
    const sent: Record<string, unknown>[] = []
    const send = async (
      status: number,
      route: string,
      endpoint: string | null,
      code: string | null = null,
      extra = {},
    ) => {
      const answer = await server.request(route, { key: secret, ...extra })
      expect(answer.status, route).toBe(status)
      const [method, path] = route.split(' ')
      if (endpoint !== null)
        sent.unshift({ id: answer.headers['x-request-id'], method, path, endpoint, status, code })
    }
    const me = 'GET /v1/me'
    const create = 'POST /v1/contacts'
    await send(200, me, me)
    await send(200, 'HEAD /v1/contacts', 'HEAD /v1/contacts')
    await send(201, create, create, null, { body: { name: 'Ada' } })
    await send(400, create, create, 'malformed_json', { body: '{nonsense' })
    await send(400, 'GET /v1/contacts?limit=0', 'GET /v1/contacts', 'validation_failed')
    await send(404, `GET /v1/contacts/${MISSING}`, 'GET /v1/contacts/{id}', 'not_found')
    const text = { body: 'x', headers: { 'content-type': 'text/plain' } }
    await send(415, create, create, 'unsupported_media_type', text)
    await send(413, create, create, 'payload_too_large', { body: ' '.repeat(1024 * 1024 + 1) })
    await send(403, 'GET /v1/conversations', 'GET /v1/conversations', 'insufficient_permissions')
    await send(403, me, me, 'secret_key_in_browser', { headers: { origin: 'https://shop.example' } })
    await sql`ALTER TABLE contacts RENAME TO contacts_elsewhere`.execute(server.db)
    await send(500, 'GET /v1/contacts', 'GET /v1/contacts', 'internal_error')
    await sql`ALTER TABLE contacts_elsewhere RENAME TO contacts`.execute(server.db)
    await send(404, 'GET /v1/nothing', null)
    await send(405, 'DELETE /v1/contacts', null)
    await send(401, me, null, null, { key: `${secret.slice(0, -1)}!` })
    await send(200, 'GET /healthz', null)
    await server.request(`POST /v1/api_keys/${id}/revoke`, { key: owner })
    await send(401, me, me, 'api_key_revoked')
    const { data } = await list(`api_key_id=${id}&limit=100`)
    expect(
      data.map(({ id, method, path, endpoint, status, code }: Record<string, unknown>) => ({
        id,
        method,
        path,
        endpoint,
        status,
        code,
      })),
    ).toEqual(sent)
    for (const one of data) {
      expect(one).toMatchObject({
        api_key_id: id,
        secret_hint: `sk_test_…${secret.slice(-4)}`,
        client_token_id: null,
        ip: '127.0.0.1',
      })
      expect(one.outcome).toBe(one.status < 400 ? 'succeeded' : 'failed')
      expect(one.duration_ms).toBeGreaterThan(0)
      expect(Math.abs(Date.parse(one.created_at) - Date.now())).toBeLessThan(60_000)
    }
  })

  test('a request that is refused for its rate is there, with what it was told', async () => {
    const { secret } = await createKey({ rate_limit_per_minute: 1 })
    await server.request('GET /v1/me', { key: secret })
    const answer = await server.request('GET /v1/me', { key: secret })
    expect(answer.status).toBe(429)
    const detail = await detailOf(answer)
    expect(detail).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(detail.response_headers).toMatchObject({
      'retry-after': String(answer.headers['retry-after']),
      ratelimit: answer.headers.ratelimit,
    })
  })

  test('a request whose client hung up while it was sending is there', async () => {
    const { id, secret } = await createKey()
    await server.app.listen()
    const address = server.app.http.server.address()
    const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      `POST /v1/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"na`,
    )
    // It is being read once the key's use is counted.
    const usage = async () =>
      (await server.request(`GET /v1/api_keys/${id}/usage?interval=day`, { key: owner })).body.data
    await expect.poll(async () => (await usage()).secrets[0].clients.length).toBe(1)
    socket.destroy()
    await expect.poll(async () => (await list(`api_key_id=${id}`)).data.length).toBe(1)
    const [noted] = (await list(`api_key_id=${id}`)).data
    expect(noted).toMatchObject({ endpoint: 'POST /v1/contacts', outcome: 'failed', request_bytes: 500 })
  })

  test('a request by a client token is there with the token’s id, and the key that made it', async () => {
    const contact = (await server.request('POST /v1/contacts', { key: owner, body: { name: 'Ada' } })).body
      .data
    const { id, secret } = await createKey()
    const made = await server.request('POST /v1/client_tokens', {
      key: secret,
      body: { contact_id: contact.id },
    })
    const answer = await server.request('GET /v1/conversations', { key: made.body.data.token })
    expect(answer.status).toBe(200)
    expect(await detailOf(answer)).toMatchObject({
      api_key_id: id,
      client_token_id: made.body.data.id,
      secret_hint: null,
    })
    expect((await detailOf(made)).response_body).toContain('"token":"…"')
  })

  test('the user agent and the address are kept, the first cut and without control characters', async () => {
    const headers = { 'user-agent': `cron\t1 ${'x'.repeat(300)}` }
    const answer = await server.request('GET /v1/me', { key: owner, headers, address: '::ffff:203.0.113.7' })
    const { user_agent: userAgent, ip } = await detailOf(answer)
    expect({ userAgent, ip }).toEqual({
      userAgent: `cron 1 ${'x'.repeat(300)}`.slice(0, 256),
      ip: '203.0.113.7',
    })
  })

  test('an Idempotency-Key is kept without its quotes, and found again', async () => {
    const headers = { 'idempotency-key': '"order-17"' }
    await server.request('POST /v1/contacts', { key: owner, body: { name: 'Ida' }, headers })
    for (const query of ['order-17', encodeURIComponent('"order-17"')]) {
      const { data } = await list(`idempotency_key=${query}`)
      expect(data).toHaveLength(1)
      expect(data[0]).toMatchObject({ idempotency_key: 'order-17', idempotent_replayed: false })
    }
    await server.request('POST /v1/contacts', { key: owner, body: { name: 'Ida' }, headers })
    const { data } = await list('idempotency_key=order-17')
    expect(data.map((one: { idempotent_replayed: boolean }) => one.idempotent_replayed)).toEqual([
      true,
      false,
    ])
    const body = { channel: 'web', customer_id: MISSING }
    for (let times = 0; times < 2; times++) {
      const again = { key: owner, body, headers: { 'idempotency-key': 'order-18' } }
      expect((await server.request('POST /v1/conversations', again)).status).toBe(404)
    }
    const failures = await list('idempotency_key=order-18')
    expect(failures.data.map(({ code }: { code: string }) => code)).toEqual(['not_found', 'not_found'])
  })
})

describe('bodies', () => {
  test('are kept as they were sent and answered, defaults and all that parsing makes of them left out', async () => {
    const body = '{ "name": "Ada",\n  "tags": ["a", "a"], "name": "Ada Lovelace" }'
    const answer = await server.request('POST /v1/contacts', { key: owner, body })
    expect(await detailOf(answer)).toMatchObject({
      request_body: body,
      request_bytes: body.length,
      request_body_truncated: false,
      response_body: answer.text,
      response_bytes: Buffer.byteLength(answer.text),
      response_body_truncated: false,
      bodies_withheld: null,
      request_headers: { 'content-type': 'application/json' },
    })
  })

  test.each(['x', 'é', '漢', '🙂'])(
    'are cut to 4 KiB, between characters (%s), with their whole size',
    async (letter) => {
      for (const shift of ['', 'x', 'xx', 'xxx']) {
        const metadata = { note: shift + letter.repeat(Math.floor(6_000 / Buffer.byteLength(letter))) }
        const body = JSON.stringify({ channel: 'web', metadata })
        const answer = await server.request('POST /v1/conversations', { key: owner, body })
        expect(answer.status).toBe(201)
        const detail = await detailOf(answer)
        for (const [side, whole] of [
          ['request', body],
          ['response', answer.text],
        ] as const) {
          const kept = detail[`${side}_body`]
          expect(whole.startsWith(kept)).toBe(true)
          expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(4096)
          expect(Buffer.byteLength(kept)).toBeGreaterThan(4096 - 4)
          expect(detail[`${side}_bytes`]).toBe(Buffer.byteLength(whole))
          expect(detail[`${side}_body_truncated`]).toBe(true)
        }
      }
    },
  )

  test('that aren’t JSON, or weren’t read, are kept as their size alone', async () => {
    for (const [body, headers] of [
      ['{nonsense', {}],
      ['x', { 'content-type': 'text/plain' }],
      [' '.repeat(1024 * 1024 + 1), {}],
    ] as const) {
      const answer = await server.request('POST /v1/contacts', { key: owner, body, headers })
      const detail = await detailOf(answer)
      expect(detail).toMatchObject({
        request_body: null,
        request_bytes: body.length,
        response_body: answer.text,
      })
    }
    const head = await server.request('HEAD /v1/contacts', { key: owner })
    expect(await detailOf(head)).toMatchObject({
      response_body: null,
      response_bytes: null,
      request_bytes: null,
    })
  })

  test.each<[Grant[], string | null]>([
    [['usage:read'], 'contacts:read'],
    [['usage:read', 'conversations:write'], 'contacts:read'],
    [['usage:read', 'contacts:read'], null],
    [['usage:read', 'contacts:write'], null],
    [['*'], null],
  ])('are for who may read what the endpoint is about: %j', async (grants, withheld) => {
    const key = await server.createKey('test', grants)
    const created = await server.request('POST /v1/contacts', { key: owner, body: { name: 'Zanzibar' } })
    const searched = await server.request('GET /v1/contacts?q=Zanzibar', { key: owner })
    for (const answer of [created, searched]) {
      const { text, body } = await get(answer.headers['x-request-id'], key)
      expect(body.data.bodies_withheld).toBe(withheld)
      expect(text.includes('Zanzibar')).toBe(withheld === null)
    }
    const { text } = await server.request('GET /v1/request_logs', { key })
    expect(text.includes('Zanzibar')).toBe(withheld === null)
    // Nor do the logs of those who read logs give away what they saw.
    await detailOf(searched)
    const readings = await list('endpoint=GET /v1/request_logs/{id}&limit=5')
    for (const { id } of readings.data) expect((await get(id, key)).text).not.toContain('Zanzibar')
  })

  test('of calls that ask for no permission are for everyone who may read logs', async () => {
    const key = await server.createKey('test', ['usage:read'])
    const answer = await server.request('GET /v1/me', { key: owner })
    expect(await detailOf(answer, key)).toMatchObject({ bodies_withheld: null, response_body: answer.text })
  })
})

test('no secret is in any row: of answers that give one, and wherever a client sends one', async () => {
  const made = await createKey()
  const rotated = await server.request(`POST /v1/api_keys/${made.id}/rotate`, { key: owner })
  const contact = (await server.request('POST /v1/contacts', { key: owner, body: { name: 'Ada' } })).body.data
  const token = await server.request('POST /v1/client_tokens', {
    key: owner,
    body: { contact_id: contact.id },
  })
  const secrets = [owner, made.secret, rotated.body.data.secret, token.body.data.token]
  const webhook = `whsec_${'c2VjcmV0'.repeat(4)}`
  for (const secret of [...secrets, webhook]) {
    const escaped = `"\\u00${secret.charCodeAt(0).toString(16)}${secret.slice(1)}"`
    for (const body of [
      { channel: 'web', message: secret, metadata: { [secret.slice(0, 60)]: 'x' } },
      {
        metadata: {
          password: { deep: ['hunter2hunter2'] },
          Authorization: 7531975319,
          notes: ['secretnote'],
        },
      },
      `{"channel":"web","metadata":{"note":${escaped}}}`,
      { channel: 'web', metadata: { filler: 'y'.repeat(4_000), note: secret } },
    ])
      await server.request('POST /v1/conversations', { key: owner, body })
    await server.request(`GET /v1/contacts/${secret}?q=${secret}&token=hunter2hunter2`, { key: owner })
    await server.request(`GET /v1/contacts?${secret}=1&notes=secretnote`, { key: owner })
    const encoded = secret.replaceAll('_', '%5f')
    await server.request(`GET /v1/contacts/${encoded}?q=${encoded}`, { key: owner })
    const headers = { 'user-agent': `curl Bearer ${secret}`, 'idempotency-key': secret.slice(0, 255) }
    await server.request('POST /v1/contacts', { key: owner, body: {}, headers })
    await server.request('POST /v1/contacts', { key: owner, body: 'x', headers: { 'content-type': secret } })
  }
  await server.app.requestLogRecorder.flush()
  const { rows } = await sql<{
    text: string
  }>`SELECT row_to_json(request_logs)::text AS text FROM request_logs`.execute(server.db)
  expect(rows.length).toBeGreaterThan(40)
  const hidden = [...secrets, webhook].map(
    (secret) => secret.split('_').slice(2).join('_') || secret.slice(6),
  )
  for (const { text } of rows) {
    for (const part of [...hidden, 'hunter2', '75319', 'secretnote'])
      expect(text).not.toContain(part.slice(0, 12))
  }
})

describe('lists', () => {
  test('take filters, alone and together', async () => {
    const { id, secret } = await createKey({ permissions: ['contacts:write'] })
    const since = new Date().toISOString()
    const send = (route: string, extra = {}) => server.request(route, { key: secret, ...extra })
    await send('GET /v1/contacts', { address: '203.0.113.9' })
    await send('GET /v1/contacts?limit=0')
    await send('POST /v1/contacts', { body: { name: 'Ada' } })
    await send(`GET /v1/contacts/${MISSING}`)
    await send('GET /v1/events')
    const found = async (query: string) =>
      (await list(`api_key_id=${id}&${query}`)).data.map(
        (one: { status: number; method: string }) => `${one.method} ${one.status}`,
      )
    expect(await found('')).toEqual(['GET 403', 'GET 404', 'POST 201', 'GET 400', 'GET 200'])
    expect(await found('status=4xx')).toEqual(['GET 403', 'GET 404', 'GET 400'])
    expect(await found('status=404')).toEqual(['GET 404'])
    expect(await found('status=5xx')).toEqual([])
    expect(await found('outcome=failed')).toEqual(['GET 403', 'GET 404', 'GET 400'])
    expect(await found('outcome=succeeded')).toEqual(['POST 201', 'GET 200'])
    expect(await found('outcome=succeeded&status=4xx')).toEqual([])
    expect(await found('outcome=succeeded&status=2xx&method=POST')).toEqual(['POST 201'])
    expect(await found('code=not_found')).toEqual(['GET 404'])
    expect(await found('endpoint=GET%20/v1/contacts')).toEqual(['GET 400', 'GET 200'])
    expect(await found(`path=${MISSING}`)).toEqual(['GET 404'])
    // Of the query nothing is found: not everyone who reads logs may see it.
    expect(await found('path=limit')).toEqual([])
    expect(await found('ip=::ffff:203.0.113.9')).toEqual(['GET 200'])
    expect(await found(`since=${since}`)).toHaveLength(5)
    expect(await found(`until=${since}`)).toEqual([])
    expect(await found('since=0000-01-01T00:00:00Z&until=9999-12-31T00:00:00Z')).toHaveLength(5)
    expect((await list(`api_key_id=${MISSING}`)).data).toEqual([])
    expect(Object.keys((await list('limit=1')).data[0]).filter((name) => name.endsWith('_body'))).toEqual([])
  })

  test.each([
    ['status=4xxx', 'status'],
    ['status=600', 'status'],
    ['outcome=refused', 'outcome'],
    ['method=get', 'method'],
    ['since=yesterday', 'since'],
    ['since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 'since'],
    ['limit=101', 'limit'],
    ['url=x', 'url'],
  ])('?%s is refused naming %s', async (query, param) => {
    const { status, body } = await server.request(`GET /v1/request_logs?${query}`, { key: owner })
    expect([status, body.param]).toEqual([400, param])
  })

  test('go on with a cursor where they stopped while requests come in, each once, newest first', async () => {
    const { id, secret } = await createKey()
    const sent: unknown[] = []
    const send = async () =>
      sent.unshift((await server.request('GET /v1/me', { key: secret })).headers['x-request-id'])
    for (let count = 0; count < 11; count++) await send()
    const expected = [...sent]
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await list(`api_key_id=${id}&limit=3${cursor}`)
      seen.push(...page.data.map((one: { id: string }) => one.id))
      cursor = page.pagination.next_cursor === null ? '' : `&cursor=${page.pagination.next_cursor}`
      await send()
    } while (cursor !== '')
    expect(seen).toEqual(expected)
    const { body } = await server.request(`GET /v1/request_logs?api_key_id=${id}&limit=1`, { key: owner })
    const other = await server.request(`GET /v1/request_logs?limit=1&cursor=${body.pagination.next_cursor}`, {
      key: owner,
    })
    expect(other.body.code).toBe('invalid_cursor')
  })
})

test('requests are nobody’s business in another environment or workspace, or without the permission', async () => {
  await server.createWorkspace('Other')
  const answer = await server.request('GET /v1/me', { key: owner })
  const id = answer.headers['x-request-id']
  const live = await server.createKey('live')
  const other = await server.createKey('test', ['*'], 'Other')
  for (const key of [live, other]) {
    const found = await get(id, key)
    expect(found.status).toBe(404)
    // Their own, made by this test: the ones before.
    for (const one of (await list('limit=100', key)).data) expect(one.endpoint).toMatch(/request_logs/)
    expect((await server.request('GET /v1/usage', { key })).text).not.toContain('"name":"x"')
  }
  expect((await get(id, live)).body.hint).toMatch(/belongs to the test environment/)
  expect((await get(id, other)).body.hint).toMatch(/There is no/)
  expect((await get('req_nonsense', other)).status).toBe(404)
  expect((await get(MISSING, other)).body.hint).toMatch(/begin with req_/)
  const keyless = await server.createKey('test', ['contacts:write'])
  for (const path of ['request_logs', `request_logs/${id}`, 'usage'])
    expect((await server.request(`GET /v1/${path}`, { key: keyless })).status).toBe(403)
})

test('a request is looked for in the day of its id, and in the next one only about midnight', async () => {
  const midnightMs = Math.ceil(Date.now() / 86_400_000) * 86_400_000
  for (let day = -5; day < 5; day++)
    await sql`SELECT make_day('request_logs', ${new Date(midnightMs + day * 86_400_000)}::date)`.execute(
      server.db,
    )
  const plan = async (ms: number) => {
    const id = newIdAt('req', ms)
    const lines = await selectRequestLog(server.db, 'env_x', id as Id<'req'>, ...timesOf(id)).explain('text')
    return JSON.stringify(lines).match(/ on request_logs_\d{8}/g)
  }
  expect(await plan(midnightMs + 12 * 3_600_000)).toHaveLength(1)
  expect(await plan(midnightMs)).toHaveLength(2)
  expect(await plan(midnightMs - 3 * 3_600_000)).toHaveLength(1)
})

test('with AGENTCLARA_REQUEST_LOG_DAYS=0 no request is kept, and usage counts on', async () => {
  const silent = await createTestApp({ env: { AGENTCLARA_REQUEST_LOG_DAYS: '0' } })
  const key = await silent.createKey()
  await silent.request('GET /v1/me', { key })
  expect((await silent.request('GET /v1/request_logs', { key })).body.data).toEqual([])
  const { rows } = await sql`SELECT FROM request_logs`.execute(silent.db)
  expect(rows).toEqual([])
  expect((await silent.request('GET /v1/usage', { key })).body.data.totals.requests).toBe(3)
  await silent.close()
})
