/**
 * `/metrics` in the text format of Prometheus, on an address of its own: it asks for no key, so it is no part of the
 * API. What is told is read when it is asked for; nothing is counted twice.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Config } from './config.ts'
import { listenProblem } from './listen-problem.ts'

const rateLimitStates = ['memory', 'redis', 'redis_lost', 'redis_returning'] as const
export type RateLimitState = (typeof rateLimitStates)[number]

/** Since the start, but for `queued`. */
export interface RequestLogCounts {
  readonly written: number
  readonly dropped: number
  /** Not written yet. */
  readonly queued: number
}

export interface WebhookCounts {
  /** Attempts since the start. */
  readonly succeeded: number
  readonly failed: number
  /** That this server delivers to now. */
  readonly webhooks: number
}

/** Who knows what. Each is called once for an answer, in no order. */
export interface MetricSources {
  /** Since the start, by `2xx` and so on, and `none` for those without an answer. */
  requestsByStatus: () => ReadonlyMap<string, number>
  connections: () => number
  connectionsRefused: () => number
  connectionsEvicted: () => number
  pressureRefused: () => number
  eventLoopDelayMs: () => number
  rateLimitState: () => RateLimitState
  requestLogs: () => RequestLogCounts
  webhooks: () => WebhookCounts
}

type Address = NonNullable<Config['metrics']>

export class MetricsServer {
  readonly #address: Address
  readonly #registry = new Registry()
  readonly #server: Server

  constructor(address: Address, sources: MetricSources) {
    this.#address = address
    collectDefaultMetrics({ register: this.#registry })
    describe(this.#registry, sources)
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy())
    })
  }

  /** Resolves to its URL. Throws StartError when the address can't be had. */
  async listen(): Promise<string> {
    const { host, port } = this.#address
    this.#server.listen({ host, port })
    await once(this.#server, 'listening').catch((error: unknown) => {
      throw listenProblem(error, this.#address, {
        host: 'AGENTCLARA_METRICS_HOST',
        port: 'AGENTCLARA_METRICS_PORT',
      })
    })
    const bound = this.#server.address()
    const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port
    return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}/metrics`
  }

  /** Cuts what is being asked; also when it doesn't listen. */
  async close(): Promise<void> {
    this.#registry.clear()
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end('Metrics are at /metrics.\n')
      return
    }
    if (method !== 'GET') {
      response.writeHead(405, { allow: 'GET' }).end('Use GET.\n')
      return
    }
    const text = await this.#registry.metrics()
    response
      .writeHead(200, { 'content-type': this.#registry.contentType, 'cache-control': 'no-store' })
      .end(text)
  }
}

function describe(registry: Registry, sources: MetricSources): void {
  const counter = (name: string, help: string, read: () => number): void => {
    const collect = (): void => {
      metric.reset()
      metric.inc(read())
    }
    const metric: Counter = new Counter({ name, help, registers: [registry], collect })
  }
  const gauge = (name: string, help: string, read: () => number): void => {
    const collect = (): void => metric.set(read())
    const metric: Gauge = new Gauge({ name, help, registers: [registry], collect })
  }
  counter(
    'agentclara_connections_refused_total',
    'New connections that were answered 503: the limit was reached and all were busy.',
    sources.connectionsRefused,
  )
  counter(
    'agentclara_connections_evicted_total',
    'Connections without a request under way that were closed at the limit to make room.',
    sources.connectionsEvicted,
  )
  counter(
    'agentclara_pressure_refused_total',
    'Requests that were answered 503 because the server was behind with its work.',
    sources.pressureRefused,
  )
  counter(
    'agentclara_request_logs_written_total',
    'Requests that were written to the log.',
    () => sources.requestLogs().written,
  )
  counter(
    'agentclara_request_logs_dropped_total',
    'Requests that were not logged: they came faster than they could be written.',
    () => sources.requestLogs().dropped,
  )
  gauge(
    'agentclara_request_logs_queued',
    'Requests that are not written to the log yet.',
    () => sources.requestLogs().queued,
  )
  gauge(
    'agentclara_webhooks_owned',
    'Webhooks that this server delivers to.',
    () => sources.webhooks().webhooks,
  )
  gauge('agentclara_connections', 'Open connections.', sources.connections)
  gauge(
    'agentclara_event_loop_delay_seconds',
    'How far the server is behind with its work.',
    () => sources.eventLoopDelayMs() / 1000,
  )
  describeLabelled(registry, sources)
}

function describeLabelled(
  registry: Registry,
  { requestsByStatus, rateLimitState, webhooks }: MetricSources,
): void {
  const attempts = new Counter({
    name: 'agentclara_webhook_attempts_total',
    help: 'Attempts to deliver an event to a webhook.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      attempts.reset()
      const { succeeded, failed } = webhooks()
      attempts.inc({ outcome: 'succeeded' }, succeeded)
      attempts.inc({ outcome: 'failed' }, failed)
    },
  })
  const requests = new Counter({
    name: 'agentclara_requests_total',
    help: 'Requests by class of their status; none: the client left before the answer.',
    labelNames: ['status_class'],
    registers: [registry],
    collect() {
      requests.reset()
      for (const [name, count] of requestsByStatus()) requests.inc({ status_class: name }, count)
    },
  })
  const state = new Gauge({
    name: 'agentclara_rate_limit_state',
    help: 'Where requests are counted: 1 for the state that holds, 0 for the others.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const current = rateLimitState()
      for (const name of rateLimitStates) state.set({ state: name }, name === current ? 1 : 0)
    },
  })
}
