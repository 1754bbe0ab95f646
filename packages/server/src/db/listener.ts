/**
 * Hears NOTIFY on a connection of its own. Twice a second it says that this server lives; the answer proves that
 * everything sent before it was heard. A connection that is lost or silent is made anew until that succeeds.
 */
import type pg from 'pg'
import { type ConnectionTarget, createClient } from './client.ts'

const HEARTBEAT_INTERVAL_MS = 500
const HEARTBEAT_TIMEOUT_MS = 1_000
const MAX_RECONNECT_DELAY_MS = 2_000
/** For connecting, entering the list of nodes and listening. */
const START_TIMEOUT_MS = 8_000

export interface ListenerOptions {
  target: ConnectionTarget
  channels: readonly string[]
  heartbeat: { text: string; values: unknown[] }
  onNotify: (channel: string, payload: string) => void
  /**
   * Called after each heartbeat with its rows: what others sent before this instant (of performance.now()) has been
   * heard.
   */
  onHeard: (sentAtMs: number, rows: readonly unknown[]) => void
  /** Called when a connection is made: what was sent before may have been missed. */
  onGap: () => void
  onError: (error: Error) => void
}

export class Listener {
  readonly #options: ListenerOptions
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  /** Queries of a connection follow each other. */
  #queue: Promise<unknown> = Promise.resolve()
  #failures = 0
  #isClosed = false

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /** Resolves after the first attempt; when it failed, further ones follow by themselves. */
  async start(): Promise<void> {
    const { target, channels, onNotify, onGap } = this.#options
    const client = createClient(target, {
      application_name: 'agentclara listener',
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', (error) => this.#lose(client, error))
    client.on('end', () => this.#lose(client, new Error('the connection ended')))
    client.on('notification', ({ channel, payload }) => onNotify(channel, payload ?? ''))
    this.#client = client
    this.#queue = Promise.resolve()
    const late = setTimeout(() => this.#lose(client, new Error('no answer')), START_TIMEOUT_MS)
    try {
      await client.connect()
      // First on the list of nodes, then listening: who reads the list later waits for this one.
      await this.#ask(client, this.#options.heartbeat)
      for (const channel of channels) {
        await this.#ask(client, { text: `LISTEN ${client.escapeIdentifier(channel)}` })
      }
      onGap()
      await this.#beat(client)
      this.#failures = 0
    } catch (error) {
      this.#lose(client, error instanceof Error ? error : new Error(String(error)))
    } finally {
      clearTimeout(late)
    }
  }

  /** Sends to every server that listens, this one too. Dropped without a connection: who waits for it times out. */
  notify(channel: string, payload: string): void {
    const client = this.#client
    if (client === undefined) return
    this.#ask(client, { text: 'SELECT pg_notify($1, $2)', values: [channel, payload] }).catch(
      (error: Error) => this.#lose(client, error),
    )
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#client?.end().catch(() => {})
  }

  async #beat(client: pg.Client): Promise<void> {
    const sentAtMs = performance.now()
    const late = setTimeout(() => this.#lose(client, new Error('no heartbeat')), HEARTBEAT_TIMEOUT_MS)
    let rows: readonly unknown[]
    try {
      rows = (await this.#ask(client, this.#options.heartbeat)).rows
    } finally {
      clearTimeout(late)
    }
    if (this.#client !== client || this.#isClosed) return
    this.#options.onHeard(sentAtMs, rows)
    this.#timer = setTimeout(() => {
      this.#beat(client).catch((error: Error) => this.#lose(client, error))
    }, HEARTBEAT_INTERVAL_MS).unref()
  }

  #ask(client: pg.Client, query: pg.QueryConfig): Promise<pg.QueryResult> {
    const answer = this.#queue.then(() => client.query(query))
    this.#queue = answer.catch(() => {})
    return answer
  }

  #lose(client: pg.Client, error: Error): void {
    if (this.#client !== client) return
    this.#client = undefined
    clearTimeout(this.#timer)
    // Not end(): it says goodbye and waits, and this connection may carry nothing any more.
    client.connection.stream.destroy()
    if (this.#isClosed) return
    if (this.#failures === 0) this.#options.onError(error)
    const delayMs = Math.min(MAX_RECONNECT_DELAY_MS, 50 * 2 ** this.#failures)
    this.#failures += 1
    this.#timer = setTimeout(() => void this.start(), delayMs).unref()
  }
}
