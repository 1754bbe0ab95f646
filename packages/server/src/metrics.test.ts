/** `/metrics` over HTTP: what it tells, where it is, and what it says when it can't be there. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { StartError } from './lib/start-error.ts'
import { type MetricSources, MetricsServer } from './metrics.ts'

const servers: MetricsServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const now = {
  requests: new Map([
    ['2xx', 5],
    ['none', 1],
  ]),
  connections: 3,
  refused: 4,
  state: 'memory' as ReturnType<MetricSources['rateLimitState']>,
}
const sources: MetricSources = {
  requestsByStatus: () => now.requests,
  connections: () => now.connections,
  connectionsRefused: () => now.refused,
  connectionsEvicted: () => 2,
  pressureRefused: () => 0,
  eventLoopDelayMs: () => 250,
  rateLimitState: () => now.state,
  requestLogs: () => ({ written: 10, dropped: 1, queued: 7 }),
  webhooks: () => ({ succeeded: 8, failed: 3, webhooks: 2 }),
}

async function start(port = 0): Promise<string> {
  const server = new MetricsServer({ host: '127.0.0.1', port }, sources)
  servers.push(server)
  return await server.listen()
}

async function read(url: string): Promise<Record<string, number>> {
  const lines = (await (await fetch(url)).text())
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

test('every answer tells what is true when it is asked for', async () => {
  const url = await start()
  expect(await read(url)).toMatchObject({
    'agentclara_requests_total{status_class="2xx"}': 5,
    'agentclara_requests_total{status_class="none"}': 1,
    agentclara_connections: 3,
    agentclara_connections_refused_total: 4,
    agentclara_connections_evicted_total: 2,
    agentclara_pressure_refused_total: 0,
    agentclara_event_loop_delay_seconds: 0.25,
    'agentclara_rate_limit_state{state="memory"}': 1,
    'agentclara_rate_limit_state{state="redis_lost"}': 0,
    agentclara_request_logs_written_total: 10,
    agentclara_request_logs_dropped_total: 1,
    agentclara_request_logs_queued: 7,
    process_resident_memory_bytes: expect.any(Number),
    nodejs_eventloop_lag_p99_seconds: expect.any(Number),
  })
  Object.assign(now, { connections: 1, refused: 9, state: 'redis_lost' })
  expect(await read(url)).toMatchObject({
    agentclara_connections: 1,
    agentclara_connections_refused_total: 9,
    'agentclara_rate_limit_state{state="memory"}': 0,
    'agentclara_rate_limit_state{state="redis_lost"}': 1,
  })
})

test('nothing but GET /metrics is answered', async () => {
  const url = await start()
  expect((await fetch(url)).headers.get('content-type')).toContain('text/plain; version=0.0.4')
  expect((await fetch(`${url}?name=x`)).status).toBe(200)
  expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  expect((await fetch(new URL('/', url))).status).toBe(404)
  expect((await fetch(new URL('/metricsx', url))).status).toBe(404)
})

test('two servers in one process tell of themselves', async () => {
  const [first, second] = [await start(), await start()]
  // Node’s own measures have labels for what happened so far.
  const names = async (url: string) => Object.keys(await read(url)).map((name) => name.replace(/\{.*/, ''))
  expect(new Set(await names(second))).toEqual(new Set(await names(first)))
})

test('a port that is taken is one line that names the setting', async () => {
  const { port } = new URL(await start())
  const error = await start(Number(port)).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(StartError)
  expect(String(error)).toMatch(/^StartError: Port \d+ is in use: .*AGENTCLARA_METRICS_PORT=\d+/)
})

test('its port is free once it is closed, also for one that was being read', async () => {
  const url = await start()
  await read(url)
  await servers[0]?.close()
  const next = createServer().listen(Number(new URL(url).port), '127.0.0.1')
  await new Promise((resolve) => next.once('listening', resolve))
  expect((next.address() as AddressInfo).port).toBe(Number(new URL(url).port)) // it listens on TCP
  next.close()
})
