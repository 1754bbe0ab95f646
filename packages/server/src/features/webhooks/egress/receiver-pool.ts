/** The connections of one group of requests to one receiver, and the requests that wait for one. */
import { Pool } from 'undici'
import { type ConnectionOptions, ReceiverClient } from './connection.ts'
import type { Exchange } from './exchange.ts'

/** Of the answer's headers, all of them together. */
const MAX_HEADER_BYTES = 16 * 1024
/** When the receiver says nothing about it. Its own `Keep-Alive: timeout=` is believed up to the second. */
const KEEP_ALIVE_MS = 4_000
const MAX_KEEP_ALIVE_MS = 60_000
/** A name that was moved is heard of after this time, also when its connections are never idle. */
const MAX_CONNECTION_AGE_MS = 120_000

export interface Post {
  path: string
  /** Names and values in turn. */
  headers: string[]
  body: Buffer
}

export interface ReceiverPoolOptions extends ConnectionOptions {
  maxConnections: number
  /** No connection is open and no request waits. */
  onIdle: (pool: ReceiverPool) => void
}

/**
 * Requests wait here rather than in undici: one that waits can be given up without costing a connection, and undici
 * never has more requests than connections.
 */
export class ReceiverPool {
  readonly #options: ReceiverPoolOptions
  readonly #pool: Pool
  readonly #waiting = new Map<Exchange, Post>()
  #running = 0
  /** Once it is to close: resolved when nothing is under way. */
  #close: PromiseWithResolvers<void> | undefined

  constructor(origin: string, options: ReceiverPoolOptions) {
    this.#options = options
    this.#pool = new Pool(origin, {
      connections: options.maxConnections,
      factory: (url, clientOptions) => new ReceiverClient(url, clientOptions, options),
      allowH2: false,
      useMilo: false,
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
      clientTtl: MAX_CONNECTION_AGE_MS,
      // Each exchange has one limit for all of it.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    this.#pool.on('disconnect', () => this.#tellWhenIdle())
    this.#pool.on('connectionError', () => this.#tellWhenIdle())
  }

  /** Sends it, now or when a connection is free. Follow it with `settled`. */
  send(exchange: Exchange, post: Post): void {
    if (this.#running < this.#options.maxConnections) this.#start(exchange, post)
    else this.#waiting.set(exchange, post)
  }

  /** An exchange that was given to `send` has settled. */
  settled(exchange: Exchange): void {
    if (this.#waiting.delete(exchange)) return
    this.#running--
    const [next] = this.#waiting
    if (next !== undefined) {
      this.#waiting.delete(next[0])
      this.#start(...next)
    }
    this.#tellWhenIdle()
  }

  /** What was given to `send` goes on to its end. Resolves when all connections are closed. */
  async close(): Promise<void> {
    this.#close ??= Promise.withResolvers()
    this.#tellWhenIdle()
    await this.#close.promise
    // Nobody waits for what is still open.
    await this.#pool.destroy()
  }

  #tellWhenIdle(): void {
    if (this.#running > 0 || this.#waiting.size > 0) return
    if (this.#close !== undefined) this.#close.resolve()
    else if (this.#pool.stats.connected === 0) this.#options.onIdle(this)
  }

  #start(exchange: Exchange, { path, headers, body }: Post): void {
    this.#running++
    exchange.start()
    this.#pool.dispatch({ method: 'POST', path, headers, body }, exchange)
  }
}
