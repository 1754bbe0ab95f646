/** What anyone hears who reports a secret, and what they can't learn from it. */
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLeakServer, JSON_TYPE, KNOWN, type LeakServer } from './testing/server.ts'

/** No answer to a report comes sooner. */
const STEP_MS = 250

let server: LeakServer
beforeEach(async () => {
  server = await createLeakServer()
})
afterEach(() => server.close())

const answer = (response: { text: string }) => JSON.parse(response.text)

test('hears the same whatever the secret is, byte for byte and not before a quarter of a second', async () => {
  server.setHandler(async ({ secret }) => {
    if (secret === KNOWN) await delay(60)
    return secret === KNOWN ? 'known' : 'unknown'
  })
  const secrets = [KNOWN, 'sk_test_unknownunknownunknownunkno', 'sk_live_short', 'no secret at all', '€', ' ']
  const answers = await Promise.all(secrets.map((secret) => server.post({ secret })))
  const seen = answers.map(({ status, text, headers }) => {
    const { 'x-request-id': _id, date: _date, ...others } = headers
    return JSON.stringify({ status, text, others })
  })
  expect(new Set(seen).size).toBe(1)
  expect(answers[0]).toMatchObject({ status: 202, text: '{"success":true,"data":{"received":true}}' })
  for (const { tookMs } of answers) expect(tookMs).toBeGreaterThanOrEqual(STEP_MS)
  expect(server.reports.map(({ secret }) => secret)).toEqual(secrets.map((secret) => secret.trim()))
})

test('is heard with what was said and by whom', async () => {
  await server.post({ secret: `${KNOWN}\n`, url: 'https://paste.example/1', source: 'paste' })
  await server.post({ secret: 'x', url: '', source: '' }, { headers: { 'user-agent': 'u'.repeat(600) } })
  expect(server.reports).toMatchObject([
    {
      secret: KNOWN,
      url: 'https://paste.example/1',
      source: 'paste',
      reporter: 'anyone',
      address: '203.0.113.7',
      requestId: expect.stringMatching(/^req_/),
      userAgent: 'lightMyRequest',
    },
    { secret: 'x', url: null, source: null, userAgent: 'u'.repeat(500) },
  ])
})

test('is answered only once the report is handled', async () => {
  let isHandled = false
  server.setHandler(async () => {
    await delay(STEP_MS + 50)
    isHandled = true
    return 'known'
  })
  const { status, tookMs } = await server.post({ secret: KNOWN })
  expect(status).toBe(202)
  expect(isHandled).toBe(true)
  // And says no more about how long it took than in steps.
  expect(tookMs).toBeGreaterThanOrEqual(2 * STEP_MS)
})

test('hears 503 when the database fails, no sooner either', async () => {
  server.setHandler(() =>
    Promise.reject(Object.assign(new Error('terminating connection'), { code: '57P01' })),
  )
  const response = await server.post({ secret: KNOWN })
  expect(response.status).toBe(503)
  expect(response.headers['retry-after']).toBe('1')
  expect(response.tookMs).toBeGreaterThanOrEqual(STEP_MS)
  expect(response.text + server.logged()).not.toContain(KNOWN)
})

test.each(
  [
    ['{}', 'validation_failed', 'secret'],
    ['{"secret":""}', 'validation_failed', 'secret'],
    ['{"secret":5}', 'validation_failed', 'secret'],
    [`{"secret":"${'x'.repeat(1001)}"}`, 'validation_failed', 'secret'],
    [`{"secret":"x","url":"${'x'.repeat(2001)}"}`, 'validation_failed', 'url'],
    [`{"secret":"x","source":"${'x'.repeat(101)}"}`, 'validation_failed', 'source'],
    ['{"secret":"x","note":"y"}', 'unknown_field', 'note'],
    ['{"secret":"x\\u0000"}', 'validation_failed', 'secret'],
    ['{"secret":"\\ud800"}', 'validation_failed', 'secret'],
    ['{"__proto__":{"secret":"x"}}', 'validation_failed', 'body'],
    ['"sk_live_x"', 'validation_failed', 'body'],
    ['null', 'validation_failed', 'body'],
    ['7', 'validation_failed', 'body'],
    ['', 'validation_failed', 'body'],
  ].map(([body = '', ...expected]) => [body.slice(0, 40), body, ...expected]),
)('%s is refused with the field that is wrong, and does nothing', async (_start, body, code, param) => {
  const response = await server.post(body)
  expect(response.status).toBe(400)
  const refused = answer(response)
  expect(refused).toMatchObject({ code, param })
  expect(refused.details.issues).toHaveLength(1)
  expect(server.reports).toEqual([])
})

test('never reads a secret in an error, wherever it was put', async () => {
  const bodies = [
    `{"${KNOWN}":"x"}`,
    `{"secret":["${KNOWN}"]}`,
    `{"secret":{"${KNOWN}":1}}`,
    `{"secret":"${KNOWN}","url":"${KNOWN}${'x'.repeat(2000)}"}`,
    `{"secret":"${KNOWN}\\u0000"}`,
    `{"${KNOWN}":"\\u0000"}`,
    `{"a":{"${KNOWN}":"\\u0000"}}`,
    `{"secret":"${KNOWN}`,
    `${KNOWN}`,
  ]
  for (const [index, body] of bodies.entries()) {
    const response = await server.post(body, { address: `10.0.0.${index}` })
    expect(response.status).toBe(400)
    expect(response.text).not.toContain('knownknown')
  }
  expect(server.logged()).not.toContain('knownknown')
})

test('reports ten times a minute from one address, then hears when to come back, and nothing is done', async () => {
  const statuses = async (count: number, address: string) => {
    const answers = await Promise.all(
      Array.from({ length: count }, () => server.post({ secret: 'x' }, { address })),
    )
    return answers.filter(({ status }) => status === 202).length
  }
  expect(await statuses(12, '203.0.113.7')).toBe(10)
  expect(server.reports).toHaveLength(10)
  server.advance(1)
  const refused = await server.post({ secret: KNOWN })
  expect(refused.status).toBe(429)
  expect(refused.headers['retry-after']).toBe('6')
  expect(answer(refused)).toMatchObject({
    error: 'Too Many Requests',
    code: 'rate_limited',
    details: { policy: 'leak_reports' },
  })
  expect(server.reports).toHaveLength(10)
  expect((await server.post({ secret: 'x' }, { address: '203.0.113.8' })).status).toBe(202)
  server.advance(5_999)
  expect(await statuses(2, '203.0.113.7')).toBe(1)
})

test('has one allowance for the whole of an IPv6 network, and one for both forms of IPv4', async () => {
  const flood = (addresses: string[]) =>
    Promise.all(addresses.map((address) => server.post({ secret: 'x' }, { address })))
  const network = Array.from({ length: 10 }, (_, i) => `2001:db8:0:1::${i + 1}`)
  await flood(network)
  expect((await server.post({ secret: 'x' }, { address: '2001:db8:0:1:ffff::1' })).status).toBe(429)
  expect((await server.post({ secret: 'x' }, { address: '2001:db8:0:2::1' })).status).toBe(202)
  await flood(Array.from({ length: 10 }, () => '::ffff:192.0.2.1'))
  expect((await server.post({ secret: 'x' }, { address: '192.0.2.1' })).status).toBe(429)
})

test('is refused before the body is read', async () => {
  await server.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.http.server.address() as AddressInfo
  await Promise.all(Array.from({ length: 10 }, () => server.post({ secret: 'x' }, { address: '127.0.0.1' })))
  const status = await new Promise((resolve, reject) => {
    const headers = { ...JSON_TYPE, 'content-length': '1000' }
    const request = httpRequest({ port, host: '127.0.0.1', path: '/v1/leaks', method: 'POST', headers })
    request.on('response', (response) => {
      resolve(response.statusCode)
      request.destroy()
    })
    request.on('error', reject)
    request.flushHeaders()
  })
  expect(status).toBe(429)
})
