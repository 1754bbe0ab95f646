/**
 * Sends webhook requests: HTTP/1.1 POST over kept connections, to judged addresses only, within a time limit, reading
 * no more than is shown. Redirects are answers, proxies of the environment aren't used, certificates are verified.
 */
import { LRUCache } from 'lru-cache'
import { Exchange } from './exchange.ts'
import { headerProblem } from './header-rules.ts'
import type { Outcome } from './outcome.ts'
import type { EgressPolicy } from './policy.ts'
import { ReceiverPool } from './receiver-pool.ts'
import { type Resolver, systemResolver } from './resolver.ts'
import { parseWebhookUrl } from './url-rules.ts'

const TIMEOUT_MS = 15_000
const WAIT_MS = 15_000
const CONNECT_TIMEOUT_MS = 10_000

export interface WebhookSenderOptions {
  policy: EgressPolicy
  resolver?: Resolver
  /** Of one group to one receiver, which is a scheme, host and port. */
  maxConnections?: number
  /** Receivers of a group whose connections are kept; beyond, the one that was used longest ago is closed. */
  maxReceivers?: number
}

export interface WebhookRequest {
  url: string
  /** As they are sent; beside them there are only `host`, `connection` and `content-length`. */
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** Requests share connections, and wait for them, within their group only. */
  group?: string
  /** From when there is a connection or room for one to the end of the answer's body, 15 s by default. */
  timeoutMs?: number
  /** Before that, while all connections of the group are in use, 15 s by default. Then it fails as `busy`. */
  waitMs?: number
  signal?: AbortSignal
}

export class WebhookSender {
  readonly #policy: EgressPolicy
  readonly #pools: LRUCache<string, ReceiverPool>
  readonly #closing = new Set<Promise<void>>()
  readonly #resolver: Resolver
  readonly #maxConnections: number
  #isClosed = false

  constructor({ policy, resolver = systemResolver, ...limits }: WebhookSenderOptions) {
    this.#policy = policy
    this.#resolver = resolver
    this.#maxConnections = limits.maxConnections ?? 32
    this.#pools = new LRUCache({
      max: limits.maxReceivers ?? 512,
      dispose: (pool) => this.#close(pool),
    })
  }

  /** Receivers of groups that connections are kept to, or being made to. */
  get receivers(): number {
    return this.#pools.size
  }

  /** Never rejects: what can't be sent is a failure, too. */
  post(request: WebhookRequest): Promise<Outcome> {
    const { url: text, headers, body, group = '', signal } = request
    return new Promise((resolve) => {
      const url = parseWebhookUrl(text, this.#policy)
      if (typeof url === 'string') return resolve(notSent('invalid_request', `The URL ${url}.`))
      const flat: string[] = []
      for (const [name, value] of Object.entries(headers)) {
        const problem = headerProblem(name, value)
        if (problem !== undefined)
          return resolve(notSent('invalid_request', `The header ${name} ${problem}.`))
        flat.push(name, value)
      }
      if (this.#isClosed || signal?.aborted === true) {
        return resolve(notSent('aborted', 'The request was aborted before it was sent.'))
      }
      const pool = this.#pool(url.origin, group)
      const exchange = new Exchange({
        subject: `${url.host}:${url.port}`,
        timeoutMs: request.timeoutMs ?? TIMEOUT_MS,
        waitMs: request.waitMs ?? WAIT_MS,
        signal,
        onSettled: (outcome) => {
          pool.settled(exchange)
          resolve(outcome)
        },
      })
      pool.send(exchange, { path: url.path, headers: flat, body })
    })
  }

  /** Refuses further requests, waits for those under way (their signals can end them), and closes all connections. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#pools.clear()
    await Promise.all(this.#closing)
  }

  #pool(origin: string, group: string): ReceiverPool {
    const key = `${origin} ${group}`
    const kept = this.#pools.get(key)
    if (kept !== undefined) return kept
    const pool = new ReceiverPool(origin, {
      policy: this.#policy,
      resolver: this.#resolver,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      maxConnections: this.#maxConnections,
      onIdle: (idle) => {
        if (this.#pools.peek(key) === idle) this.#pools.delete(key)
      },
    })
    this.#pools.set(key, pool)
    return pool
  }

  #close(pool: ReceiverPool): void {
    const closed = pool.close().finally(() => this.#closing.delete(closed))
    this.#closing.add(closed)
  }
}

function notSent(reason: 'invalid_request' | 'aborted', sentence: string): Outcome {
  return { kind: 'failed', reason, sentence, timing: { totalMs: 0 }, isReusedConnection: false }
}
