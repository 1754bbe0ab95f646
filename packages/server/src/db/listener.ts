/**
 * Hears NOTIFY on a connection of its own. A connection that is lost, or that stops answering its heartbeat, is
 * said at once and made anew until it succeeds.
 */
import pg from 'pg'
import { type ConnectionTarget, connectionConfig } from './client.ts'

const HEARTBEAT_INTERVAL_MS = 500
const HEARTBEAT_TIMEOUT_MS = 500
const MAX_RECONNECT_DELAY_MS = 2_000

export interface ListenerOptions {
  target: ConnectionTarget
  channels: readonly string[]
  onNotify: (channel: string, payload: string) => void
  /** False from the moment that something may have been missed; true once everything is heard again. */
  onHears: (hears: boolean) => void
  onError: (error: Error) => void
}

export class Listener {
  readonly #options: ListenerOptions
  #client: pg.Client | undefined
  #heartbeat: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #isClosed = false

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /** Resolves after the first attempt; when it failed, further ones follow by themselves. */
  async start(): Promise<void> {
    const { target, channels, onNotify, onHears } = this.#options
    const client = new pg.Client({
      ...connectionConfig(target, 'agentclara listener'),
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', (error) => this.#lose(client, error))
    client.on('end', () => this.#lose(client, new Error('the connection ended')))
    client.on('notification', ({ channel, payload }) => onNotify(channel, payload ?? ''))
    this.#client = client
    try {
      await client.connect()
      for (const channel of channels) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
      this.#failures = 0
      onHears(true)
      this.#scheduleHeartbeat(client)
    } catch (error) {
      this.#lose(client, error instanceof Error ? error : new Error(String(error)))
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#heartbeat)
    clearTimeout(this.#retry)
    await this.#client?.end().catch(() => {})
  }

  #scheduleHeartbeat(client: pg.Client): void {
    this.#heartbeat = setTimeout(() => {
      const late = setTimeout(() => this.#lose(client, new Error('no heartbeat')), HEARTBEAT_TIMEOUT_MS)
      client.query('SELECT 1').then(
        () => {
          clearTimeout(late)
          if (this.#client === client) this.#scheduleHeartbeat(client)
        },
        () => clearTimeout(late),
      )
    }, HEARTBEAT_INTERVAL_MS).unref()
  }

  #lose(client: pg.Client, error: Error): void {
    if (this.#client !== client) return
    this.#client = undefined
    clearTimeout(this.#heartbeat)
    client.end().catch(() => {})
    if (this.#isClosed) return
    this.#options.onHears(false)
    if (this.#failures === 0) this.#options.onError(error)
    const delayMs = Math.min(MAX_RECONNECT_DELAY_MS, 50 * 2 ** this.#failures)
    this.#failures += 1
    this.#retry = setTimeout(() => void this.start(), delayMs).unref()
  }
}
