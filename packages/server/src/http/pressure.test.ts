/** What happens to requests while the event loop is held up: by this test, which runs in the same one. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../testing/app.ts'
import { Pressure } from './pressure.ts'

const MAX_DELAY_MS = 200

let server: TestApp
let key: string
let url: string

beforeAll(async () => {
  server = await createTestApp({
    env: { PORT: '0', AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS: String(MAX_DELAY_MS) },
  })
  key = await server.createKey()
  url = await server.app.listen()
})
afterAll(() => server.close())

function holdUp(forMs: number): void {
  const endMs = performance.now() + forMs
  while (performance.now() < endMs);
}

test('while the server is behind, requests are answered 503 before anything is done for them, and then as always', async () => {
  const usedBefore = server.app.http.pressure.refused
  holdUp(2 * MAX_DELAY_MS)
  const [read, write, unknown, missing, page] = await Promise.all([
    server.request('GET /v1/me', { key }),
    server.request('POST /v1/contacts', { key, body: '{"broken' }),
    server.request('GET /v1/me', { key: 'sk_test_unknown' }),
    server.request('GET /v1/nothing'),
    server.request('GET /v1/me', { headers: { authorization: 'Bearer ct_test_x' } }),
  ])
  for (const answer of [read, write, unknown, missing, page]) {
    expect(answer.status).toBe(503)
    expect(answer.body).toMatchObject({ success: false, code: 'unavailable' })
    expect(answer.body.request_id).toBe(answer.headers['x-request-id'])
    expect(['1', '2', '3']).toContain(answer.headers['retry-after'])
    expect(answer.headers).not.toHaveProperty('ratelimit')
  }
  expect(page.headers['access-control-allow-origin']).toBe('*')
  expect(server.app.http.pressure.refused - usedBefore).toBe(5)
  await vi.waitUntil(async () => (await server.request('GET /v1/me', { key })).status === 200)
})

test('those whose requests came while nothing was read are refused, too', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  const ask = (): boolean =>
    socket.write(`GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`)
  ask()
  await vi.waitUntil(async () => {
    const [answer] = await once(socket, 'data')
    if (!String(answer).startsWith('HTTP/1.1 200')) ask()
    return String(answer).startsWith('HTTP/1.1 200')
  })
  ask()
  holdUp(2 * MAX_DELAY_MS)
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 503 /)
  socket.destroy()
})

test('health checks are answered however far the server is behind', async () => {
  holdUp(2 * MAX_DELAY_MS)
  const [refused, health, readiness] = await Promise.all([
    server.request('GET /v1/me', { key }),
    server.request('GET /healthz'),
    server.request('GET /readyz'),
  ])
  expect([refused.status, health.status, readiness.status]).toEqual([503, 200, 200])
})

test('the log says that requests are refused, once and not for each, and calls none a failure', async () => {
  server.logLines.length = 0
  for (let index = 0; index < 3; index++) {
    holdUp(2 * MAX_DELAY_MS)
    await Promise.all(Array.from({ length: 10 }, () => server.request('GET /v1/me', { key })))
  }
  const lines = server.logLines.map((line) => JSON.parse(line))
  expect(lines.filter(({ msg }) => msg === 'request failed')).toEqual([])
  expect(lines.filter(({ level }) => level >= 40).length).toBeLessThanOrEqual(1)
})

test('clients that are refused are told to come back apart from each other, after 1 to 3 seconds', () => {
  const pressure = new Pressure({ maxDelayMs: 1, onRefusing: () => undefined })
  const waits = Array.from({ length: 200 }, () => pressure.refusal().options.headers?.['retry-after'])
  pressure.stop()
  expect([...new Set(waits)].sort()).toEqual(['1', '2', '3'])
})

test('with a limit of 0 nothing is refused', () => {
  const pressure = new Pressure({ maxDelayMs: 0, onRefusing: () => undefined })
  holdUp(200)
  expect(pressure.delayMs).toBeGreaterThan(100)
  expect(pressure.isTooHigh).toBe(false)
  pressure.stop()
})

test('a delay below the limit refuses nothing', () => {
  const pressure = new Pressure({ maxDelayMs: 60_000, onRefusing: () => undefined })
  holdUp(200)
  expect(pressure.isTooHigh).toBe(false)
  pressure.stop()
})
