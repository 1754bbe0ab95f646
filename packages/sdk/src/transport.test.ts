/** Calls to a server that misbehaves: what is tried again, for how long, and what the caller is told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ApiError,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
} from './errors.ts'
import { type Behaviour, cut, each, failure, hang, json, ok, Peer } from './testing/peer.ts'

let peer: Peer

beforeAll(async () => {
  peer = await Peer.start()
})
afterAll(() => peer.stop())

const CONTACT = { id: 'cust_1', name: 'Ada' }
const soon = { 'retry-after': '0' }

/** Makes a contact while the server behaves like this; how it ended, and what was sent. */
async function create(behave: Behaviour, options = {}) {
  peer.begin(behave)
  const result: unknown = await peer
    .client(options)
    .contacts.create({ name: 'Ada' })
    .catch((error) => error)
  return {
    result,
    sent: [...peer.received],
    keys: peer.received.map(({ headers }) => headers['idempotency-key']),
  }
}

describe('what may pass is tried again with the same idempotency key', () => {
  /** Promises a body and breaks off in the middle of it. */
  const half: Behaviour = (response) => {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"success":true,"data":{"id":"cus', () => response.destroy())
  }
  test.each<[string, Behaviour]>([
    ['500', failure(500, 'internal_error')],
    ['502 from a proxy', (response) => void response.writeHead(502).end('<h1>Bad gateway</h1>')],
    ['503 with Retry-After', failure(503, 'unavailable', soon)],
    ['429 with Retry-After', failure(429, 'rate_limited', soon)],
    ['408', failure(408, 'timeout', soon)],
    ['409 while the first try is at work', failure(409, 'idempotency_in_progress', soon)],
    ['a connection that is cut', cut],
    ['half a body', half],
  ])('%s', async (_, misbehaviour) => {
    const { result, sent, keys } = await create(each(misbehaviour, misbehaviour, ok(CONTACT)))
    expect(result).toEqual(CONTACT)
    expect(sent.map(({ method, path, body }) => ({ method, path, body }))).toEqual(
      Array(3).fill({ method: 'POST', path: '/v1/contacts', body: '{"name":"Ada"}' }),
    )
    expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(keys).size).toBe(1)
  })

  test('a server that hangs', async () => {
    const { result, keys } = await create(each(hang, ok(CONTACT)), { timeoutMs: 2_000 })
    expect(result).toEqual(CONTACT)
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
  })

  test('two calls have two keys, a key of one’s own is sent as it is, and reading has none', async () => {
    peer.begin(ok(CONTACT))
    const client = peer.client()
    await client.contacts.create({ name: 'Ada' })
    await client.contacts.delete('cust_1')
    await client.contacts.update('cust_1', { name: 'Eve' }, { idempotencyKey: 'mine' })
    await client.contacts.get('cust_1')
    const keys = peer.received.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(4)
    expect(keys.slice(2)).toEqual(['mine', undefined])
  })
})

test('what trying again doesn’t mend is thrown at once, as an error of its own kind', async () => {
  for (const [status, code, Class] of [
    [400, 'validation_failed', ValidationError],
    [401, 'invalid_api_key', AuthenticationError],
    [403, 'insufficient_permissions', PermissionError],
    [404, 'not_found', NotFoundError],
    [409, 'conflict', ConflictError],
    [413, 'payload_too_large', ValidationError],
    [422, 'idempotency_key_reused', ValidationError],
    [405, 'method_not_allowed', ApiError],
  ] as const) {
    const { result, sent } = await create(failure(status, code, { 'x-request-id': 'req_header' }))
    expect(result).toBeInstanceOf(Class)
    expect(result).toMatchObject({
      status,
      code,
      message: `It is ${code}.`,
      hint: 'Do otherwise.',
      requestId: 'req_1',
      docUrl: `http://x/docs/errors/${code}`,
    })
    expect(sent).toHaveLength(1)
  }
})

test('param and details are told', async () => {
  const said = { error: 'Wrong.', code: 'validation_failed', param: 'name', details: { issues: [1] } }
  const { result } = await create(json(400, { success: false, ...said }))
  expect(result).toMatchObject({ param: 'name', details: { issues: [1] }, hint: undefined })
})

test('after its retries a failure is thrown as it is', async () => {
  const busy = await create(failure(500, 'internal_error', soon))
  expect(busy.result).toBeInstanceOf(ServerError)
  expect(busy.sent).toHaveLength(3)
  const once = await create(failure(500, 'internal_error'), { maxRetries: 0 })
  expect(once.sent).toHaveLength(1)
  const gone = await create(cut)
  expect(gone.result).toBeInstanceOf(ConnectionError)
  expect(gone.sent).toHaveLength(3)
})

test('when the server asks for more time than there is, the caller is told at once', async () => {
  const { result, sent } = await create(failure(429, 'rate_limited', { 'retry-after': '3600' }))
  expect(result).toBeInstanceOf(RateLimitError)
  expect(result).toMatchObject({ retryAfterMs: 3_600_000 })
  expect(sent).toHaveLength(1)
})

test('Retry-After is waited for', async () => {
  const startedMs = performance.now()
  const { result } = await create(each(failure(429, 'rate_limited', { 'retry-after': '1' }), ok(CONTACT)))
  expect(result).toEqual(CONTACT)
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990)
})

test('a call ends when its time is over, however often it may be tried', async () => {
  const { result } = await create(hang, { timeoutMs: 200, totalTimeoutMs: 500, maxRetries: 1_000 })
  expect(result).toBeInstanceOf(TimeoutError)
  expect(result).toBeInstanceOf(ConnectionError)
})

test('a body that never ends is no answer in time', async () => {
  const { result } = await create(
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{')
    },
    { timeoutMs: 200, maxRetries: 0 },
  )
  expect(result).toBeInstanceOf(TimeoutError)
})

test('a signal ends a call that hangs, one that waits, and one that hasn’t begun, with its reason', async () => {
  const reason = new Error('changed my mind')
  const end = async (behave: Behaviour, isAborted = false) => {
    const stop = new AbortController()
    if (isAborted) stop.abort(reason)
    peer.begin((response, request, count) => {
      behave(response, request, count)
      setTimeout(() => stop.abort(reason), 50)
    })
    return peer
      .client()
      .contacts.create({ name: 'Ada' }, { signal: stop.signal })
      .catch((error: unknown) => error)
  }
  expect(await end(hang)).toBe(reason)
  expect(await end(failure(503, 'unavailable', { 'retry-after': '60' }))).toBe(reason)
  expect(await end(hang, true)).toBe(reason)
  expect(peer.received).toHaveLength(0)
})

test('what isn’t AgentClara’s answer is said to be that, and a redirect is never followed', async () => {
  const page = await create((response) => void response.end('<h1>Welcome</h1>'))
  expect(page.result).toMatchObject({ code: 'unexpected_answer', status: 200 })
  const other = await create(json(200, { status: 'ok' }))
  expect(other.result).toMatchObject({ code: 'unexpected_answer', status: 200 })
  const away = await create((response) => void response.writeHead(302, { location: '/elsewhere' }).end())
  expect(away.result).toMatchObject({ code: 'unexpected_answer', status: 302 })
  expect(away.sent).toHaveLength(1)
})

test('headers of the client and of the call are sent, and a function is asked for each try', async () => {
  let asked = 0
  peer.begin(each(failure(503, 'unavailable', soon), ok(CONTACT)))
  const client = peer.client({ apiKey: null, headers: () => ({ 'AgentClara-Workspace': `ws_${++asked}` }) })
  await client.contacts.get('a b/../c', { headers: { 'x-mine': 'yes' } })
  expect(peer.received.map(({ headers }) => headers['agentclara-workspace'])).toEqual(['ws_1', 'ws_2'])
  expect(peer.received[0]).toMatchObject({
    path: '/v1/contacts/a%20b%2F..%2Fc',
    headers: { 'x-mine': 'yes' },
  })
  expect(peer.received[0]?.headers).not.toHaveProperty('authorization')
})

test.each(['', '.', '..'])('the id %j is refused before anything is sent', async (id) => {
  peer.begin(ok({}))
  await expect(peer.client().contacts.delete(id)).rejects.toThrow(TypeError)
  expect(peer.received).toEqual([])
})

describe('a list', () => {
  /** Seven contacts, three to a page. */
  const seven: Behaviour = (response, request, count) => {
    const { searchParams } = new URL(request.path, 'http://x')
    const from = Number(searchParams.get('cursor') ?? 0)
    const data = [0, 1, 2, 3, 4, 5, 6].slice(from, from + 3).map((id) => ({ id: `cust_${id}` }))
    const has_more = from + 3 < 7
    const pagination = { limit: 3, has_more, next_cursor: has_more ? String(from + 3) : null }
    return json(200, { success: true, data, pagination })(response, request, count)
  }

  test('is one page when it is awaited', async () => {
    peer.begin(seven)
    expect(await peer.client().contacts.list({ limit: 3, search: 'A & b', tag: undefined })).toEqual({
      data: [{ id: 'cust_0' }, { id: 'cust_1' }, { id: 'cust_2' }],
      has_more: true,
      next_cursor: '3',
    })
    expect(peer.received.map(({ path }) => path)).toEqual(['/v1/contacts?limit=3&search=A+%26+b'])
  })

  test('is everything when it is walked, each page asked for when it is needed', async () => {
    peer.begin(seven)
    const list = peer.client().contacts.list({ limit: 3, offset: 0, tag: 'vip' })
    expect(peer.received).toEqual([])
    const seen: string[] = []
    for await (const { id } of list) seen.push(id)
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map((id) => `cust_${id}`))
    expect(peer.received.map(({ path }) => path)).toEqual([
      '/v1/contacts?limit=3&offset=0&tag=vip',
      '/v1/contacts?limit=3&tag=vip&cursor=3',
      '/v1/contacts?limit=3&tag=vip&cursor=6',
    ])
    const sizes: number[] = []
    for await (const page of list.pages()) sizes.push(page.data.length)
    expect(sizes).toEqual([3, 3, 1])
  })

  test('that is left early asks for no more', async () => {
    peer.begin(seven)
    for await (const { id } of peer.client().contacts.list()) if (id === 'cust_1') break
    expect(peer.received).toHaveLength(1)
  })

  test('fails as other calls do', async () => {
    peer.begin(failure(403, 'insufficient_permissions'))
    await expect(peer.client().contacts.list()).rejects.toBeInstanceOf(PermissionError)
    const walk = async () => {
      for await (const _ of peer.client().contacts.list());
    }
    await expect(walk()).rejects.toBeInstanceOf(PermissionError)
    expect(
      await peer
        .client()
        .contacts.list()
        .catch(() => 'caught'),
    ).toBe('caught')
  })
})
