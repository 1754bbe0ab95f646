/** Faults on request: made like the real ones, only for test keys, and leaving nothing behind. */
import { type ClientRequest, request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../testing/app.ts'
import { parseFault } from './faults.ts'

let server: TestApp
let key: string
let url: string

beforeAll(async () => {
  server = await createTestApp({ env: { PORT: '0' } })
  key = await server.createKey()
  url = await server.app.listen()
})
afterAll(() => server.close())

const ask = (fault: string, route = 'GET /v1/contacts', body?: unknown) =>
  server.request(route, {
    key,
    headers: { 'agentclara-fault': fault },
    ...(body === undefined ? {} : { body }),
  })

async function remaining(): Promise<number> {
  return Number((await server.request('GET /v1/me', { key })).headers['x-ratelimit-remaining'])
}

describe('a fault is answered like the real failure', () => {
  test('401: as an unknown key is, but that the key is not blamed', async () => {
    const real = await server.request('GET /v1/contacts', { key: key.replace(/.{30}$/, 'a'.repeat(30)) })
    const { status, headers, body } = await ask('401')
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toBe(real.headers['www-authenticate'])
    expect(Object.keys(body)).toEqual(Object.keys(real.body))
    expect(body).toMatchObject({
      error: 'Invalid API key',
      code: 'invalid_api_key',
      details: { reason: 'unknown' },
    })
    expect(body.hint).toContain('asked for this')
  })

  test('403: names the permission of the route', async () => {
    const reader = await server.createKey('test', ['contacts:read'])
    const real = await server.request('POST /v1/contacts', { key: reader, body: { name: 'Ada' } })
    const { status, headers, body } = await ask('403', 'POST /v1/contacts', { name: 'Ada' })
    expect(status).toBe(403)
    expect(headers['www-authenticate']).toBe(real.headers['www-authenticate'])
    expect(body).toMatchObject({
      code: 'insufficient_permissions',
      details: { required: 'contacts:write', granted: ['*'] },
    })
    expect((await ask('403', 'GET /v1/me')).body.details).toEqual({ granted: ['*'] })
  })

  test('429: with the policy, a second to wait, and nothing left', async () => {
    const { status, headers, body } = await ask('429')
    expect(status).toBe(429)
    expect(headers).toMatchObject({
      'retry-after': '1',
      ratelimit: '"standard";r=0;t=1',
      'x-ratelimit-remaining': '0',
    })
    expect(body).toMatchObject({
      error: 'Too Many Requests',
      code: 'rate_limited',
      details: { policy: 'standard' },
    })
  })

  test('500 and 503: without a line in the log that alarms anybody', async () => {
    server.logLines.length = 0
    expect(await ask('500')).toMatchObject({ status: 500, body: { code: 'internal_error' } })
    expect(await ask('503')).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
      headers: { 'retry-after': '1' },
    })
    expect(server.logLines.filter((line) => JSON.parse(line).level >= 40)).toEqual([])
  })

  test('every answer has the headers that answers with a key have, and HEAD the same status', async () => {
    for (const fault of ['401', '403', '429', '500', '503']) {
      const { headers, body } = await ask(fault)
      expect(headers).toMatchObject({
        'ratelimit-policy': '"standard";q=1000;w=60',
        'cache-control': 'no-store',
      })
      expect(headers['x-request-id']).toBe(body.request_id)
      expect((await ask(fault, 'HEAD /v1/contacts')).status).toBe(Number(fault))
    }
  })
})

test('faults that stand for refusals cost nothing', async () => {
  const before = await remaining()
  for (const fault of ['401', '403', '429']) await ask(fault)
  expect(await remaining()).toBe(before - 1)
  expect(Number((await ask('403')).headers['x-ratelimit-remaining'])).toBe(before - 1)
})

test('nothing is done by a request that is answered a fault, and it comes before validation', async () => {
  const count = async () => (await server.request('GET /v1/contacts', { key })).body.data.length
  const before = await count()
  for (const fault of ['401', '403', '429', '500', '503']) {
    expect((await ask(fault, 'POST /v1/contacts', { name: 'Ada' })).status).toBe(Number(fault))
    expect((await ask(fault, 'POST /v1/contacts', '{"broken')).status).toBe(Number(fault))
  }
  expect(await count()).toBe(before)
})

test('an Idempotency-Key is still unused after a fault', async () => {
  for (const fault of ['401', '429', '500', '503']) {
    const again = { 'idempotency-key': `try-${fault}` }
    const body = { name: `Ada ${fault}` }
    const headers = { ...again, 'agentclara-fault': fault }
    const failed = await server.request('POST /v1/contacts', { key, body, headers })
    expect(failed.status).toBe(Number(fault))
    const done = await server.request('POST /v1/contacts', { key, body, headers: again })
    expect(done.status).toBe(201)
    expect(done.headers).not.toHaveProperty('idempotent-replayed')
  }
})

test('a refusal that is real comes before the fault', async () => {
  const headers = { 'agentclara-fault': '500' }
  expect((await server.request('GET /v1/contacts', { headers })).status).toBe(401)
  const reader = await server.createKey('test', ['events:read'])
  expect((await server.request('GET /v1/contacts', { key: reader, headers })).status).toBe(403)
  expect((await server.request('GET /healthz', { headers })).status).toBe(200)
})

test('with a live key the header is refused and nothing is done', async () => {
  const live = await server.createKey('live')
  for (const fault of ['500', 'slow=1', 'nonsense']) {
    const headers = { 'agentclara-fault': fault }
    const { status, body } = await server.request('POST /v1/contacts', {
      key: live,
      body: { name: 'Ada' },
      headers,
    })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'validation_failed', param: 'AgentClara-Fault' })
    expect(body.error).toContain('test environment')
  }
  expect((await server.request('GET /v1/contacts', { key: live })).body.data).toEqual([])
})

test('an unknown value is refused with those there are', async () => {
  for (const fault of ['', '404', 'slow', 'slow=60001', 'slow=-1', 'slow=1s', '500, 503', 'Timeout']) {
    const { status, body } = await ask(fault)
    expect([fault, status]).toEqual([fault, 400])
    expect(body).toMatchObject({ code: 'validation_failed', param: 'AgentClara-Fault' })
    expect(body.error).toContain('401, 403, 429, 500, 503, timeout, or slow=MS')
  }
})

test('whatever the header holds, it is one of the faults or none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000 }), (waitMs) => {
      expect(parseFault(`slow=${waitMs}`)).toEqual(waitMs <= 60_000 ? { kind: 'slow', waitMs } : undefined)
    }),
  )
  fc.assert(
    fc.property(fc.string(), (text) => {
      const fault = parseFault(text)
      if (!/^(?:401|403|429|500|503|timeout|slow=\d+)$/.test(text)) expect(fault).toBeUndefined()
    }),
  )
})

describe('waiting', () => {
  test('slow goes on afterwards, with and without a body', async () => {
    const startedMs = performance.now()
    expect((await ask('slow=300')).status).toBe(200)
    expect((await ask('slow=300', 'POST /v1/contacts', { name: 'Slow' })).status).toBe(201)
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(595)
    expect((await ask('slow=0')).status).toBe(200)
  })

  test('a key that is revoked while its request waits gets nothing', async () => {
    for (const route of ['GET /v1/contacts', 'POST /v1/contacts']) {
      const other = await server.createKey()
      const { body } = await server.request('GET /v1/me', { key: other })
      const waiting = server.request(route, {
        key: other,
        headers: { 'agentclara-fault': 'slow=500' },
        ...(route.startsWith('POST') ? { body: { name: 'Late' } } : {}),
      })
      await server.request(`POST /v1/api_keys/${body.data.id}/revoke`, { key })
      expect((await waiting).body).toMatchObject({ success: false, code: 'api_key_revoked' })
    }
  })

  /** Sends a request over a connection of its own; `destroy()` hangs up. */
  function dial(fault: string, method: string, secret = key): ClientRequest {
    const headers = {
      authorization: `Bearer ${secret}`,
      'agentclara-fault': fault,
      'content-type': 'application/json',
    }
    const client = httpRequest(`${url}/v1/contacts`, { method, headers, agent: false })
    client.on('error', () => undefined)
    return client.end(method === 'POST' ? '{"name": "Ghost"}' : undefined)
  }

  test('clients that hang up leave no timer behind', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => server.createKey()))
    for (const fault of ['timeout', 'slow=60000']) {
      for (const method of ['GET', 'POST']) {
        const before = runningTimers()
        const clients = Array.from({ length: 50 }, (_, i) => dial(fault, method, keys[i % 5]))
        await vi.waitUntil(() => runningTimers() >= before + 50)
        for (const client of clients) client.destroy()
        await vi.waitUntil(() => runningTimers() < before + 10)
      }
    }
  })

  test('what a client hung up on is not done', async () => {
    const before = runningTimers()
    const clients = Array.from({ length: 10 }, () => dial('slow=300', 'POST'))
    await vi.waitUntil(() => runningTimers() >= before + 10)
    for (const client of clients) client.destroy()
    await ask('slow=600')
    const { body } = await server.request('GET /v1/contacts?search=Ghost', { key })
    expect(body.data).toEqual([])
  })
})

describe('what may wait at once', () => {
  interface Waiting {
    client: ClientRequest
    outcome: Promise<number | 'cut'>
  }

  /** Sends headers that announce a body, and no more of it than is given. */
  function begin(fault: string, secret: string, method = 'POST', body?: string): Waiting {
    const client = httpRequest(`${url}/v1/contacts`, {
      method,
      agent: false,
      headers: {
        authorization: `Bearer ${secret}`,
        'agentclara-fault': fault,
        ...(method === 'POST' ? { 'content-type': 'application/json', 'content-length': '100000' } : {}),
      },
    })
    const outcome = new Promise<number | 'cut'>((resolve) => {
      client.on('response', (response) => resolve(response.resume().statusCode ?? 0))
      client.on('error', () => resolve('cut'))
    })
    if (method === 'GET') client.end()
    else if (body === undefined) client.flushHeaders()
    else client.write(body)
    return { client, outcome }
  }

  test.each([
    ['timeout', 'GET'],
    ['timeout', 'POST'],
    ['slow=60000', 'GET'],
    ['slow=60000', 'POST'],
  ])(
    'ten of one key, %s %s: more are refused before their body, until one is gone',
    async (fault, method) => {
      const secret = await server.createKey()
      const all = Array.from({ length: 12 }, () => begin(fault, secret, method))
      const refused = await Promise.all([Promise.race(all.map(({ outcome }) => outcome))])
      expect(refused).toEqual([429])
      const again = await server.request('GET /v1/contacts', {
        key: secret,
        headers: { 'agentclara-fault': fault },
      })
      expect(again).toMatchObject({
        status: 429,
        headers: { 'retry-after': '1' },
        body: { code: 'rate_limited', details: { policy: 'faults' } },
      })
      expect((await server.request('GET /v1/contacts', { key: secret })).status).toBe(200)
      for (const { client } of all) client.destroy()
      await vi.waitUntil(async () => {
        const { status } = await server.request('GET /v1/contacts', {
          key: secret,
          headers: { 'agentclara-fault': 'slow=0' },
        })
        return status === 200
      })
    },
  )

  test('256 of all keys', async () => {
    const keys = await Promise.all(Array.from({ length: 26 }, () => server.createKey()))
    const all = keys.flatMap((secret) => Array.from({ length: 10 }, () => begin('timeout', secret, 'GET')))
    const statuses: (number | 'cut')[] = []
    for (const { outcome } of all) outcome.then((status) => statuses.push(status))
    await vi.waitUntil(() => statuses.length === 4)
    for (const { client } of all) client.destroy()
    await Promise.all(all.map(({ outcome }) => outcome))
    expect(statuses).toEqual([...Array(4).fill(429), ...Array(256).fill('cut')])
  })
})

test('what a key may do, and from where, is asked again after the wait, with and without a body', async () => {
  for (const route of ['GET /v1/contacts', 'POST /v1/contacts']) {
    for (const [change, code] of [
      [{ permissions: ['events:read'] }, 'insufficient_permissions'],
      [{ ip_allowlist: ['203.0.113.0/24'] }, 'ip_not_allowed'],
    ] as const) {
      const other = await server.createKey()
      const { body } = await server.request('GET /v1/me', { key: other })
      const waiting = server.request(route, {
        key: other,
        headers: { 'agentclara-fault': 'slow=500' },
        ...(route.startsWith('POST') ? { body: { name: 'Late' } } : {}),
      })
      const changed = await server.request(`PATCH /v1/api_keys/${body.data.id}`, { key, body: change })
      expect(changed.status).toBe(200)
      expect((await waiting).body).toMatchObject({ success: false, code })
    }
  }
})

test('a server that stops waits for no fault', async () => {
  const other = await createTestApp({ env: { PORT: '0' } })
  const secret = await other.createKey()
  const base = await other.app.listen()
  const call = (fault: string) =>
    fetch(`${base}/v1/me`, {
      headers: { authorization: `Bearer ${secret}`, 'agentclara-fault': fault },
    }).then(
      ({ status }) => status,
      () => 'cut',
    )
  const timers = runningTimers()
  const answers = Promise.all([call('slow=60000'), call('timeout')])
  await vi.waitUntil(() => runningTimers() >= timers + 2)
  const startedMs = performance.now()
  await other.close()
  expect(await answers).toEqual([200, 'cut'])
  expect(performance.now() - startedMs).toBeLessThan(5_000)
})

/** Those that keep the process alive. A few come and go with what else runs in it. */
function runningTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}
