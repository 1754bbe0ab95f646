/**
 * Events on their way to a receiver: signed as the server's webhooks are, one after the other within a conversation and
 * side by side across them, a bounded number at once.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Signer, signatureHeaders } from '@agentclara/webhook-signature'

/** As the server's deliveries. */
const TIMEOUT_MS = 15_000
const CONCURRENT = 16
/** Events that are here and not yet delivered; then no more are read. */
const MAX_WAITING = 1_000
/** A development server that restarts is away for a moment: 8 seconds in all. */
const REFUSED_DELAYS_MS = [100, 200, 400, 800, 1_500, 2_500, 2_500]

export interface ForwardedEvent {
  id: string
  type: string
  sequence: number
  /** Order is kept within one. */
  conversationId: string | undefined
  /** What is sent, as it is. */
  body: string
}

export interface Outcome {
  event: ForwardedEvent
  /** What the receiver answered; undefined when it didn't. */
  status: number | undefined
  /** Why there is no answer. */
  error: string | undefined
  /** Of the last try. */
  tookMs: number
  tries: number
}

export interface ForwarderOptions {
  target: URL
  signer: Signer
  userAgent: string
  onOutcome: (outcome: Outcome) => void
  /** The receiver refuses connections; it is tried again. Called once for an event. */
  onWaiting: (event: ForwardedEvent) => void
}

export class Forwarder {
  readonly #options: ForwarderOptions
  /** The last event of each conversation that is under way. */
  readonly #lastOf = new Map<string, Promise<void>>()
  readonly #queue: (() => void)[] = []
  readonly #underWay = new Set<Promise<void>>()
  readonly #stopping = new AbortController()
  #sending = 0
  #skipped = 0
  #roomMade: (() => void) | undefined

  constructor(options: ForwarderOptions) {
    this.#options = options
  }

  /** Resolves when there is room for the next one, not when it is delivered. */
  async add(event: ForwardedEvent): Promise<void> {
    const { conversationId } = event
    const before = conversationId === undefined ? undefined : this.#lastOf.get(conversationId)
    const work = (before ?? Promise.resolve())
      .then(() => this.#deliver(event))
      .finally(() => {
        this.#underWay.delete(work)
        if (conversationId !== undefined && this.#lastOf.get(conversationId) === work)
          this.#lastOf.delete(conversationId)
        this.#roomMade?.()
      })
    this.#underWay.add(work)
    if (conversationId !== undefined) this.#lastOf.set(conversationId, work)
    if (this.#underWay.size < MAX_WAITING) return
    await new Promise<void>((resolve) => {
      this.#roomMade = resolve
    })
  }

  /** What is on its way arrives; what waits is left out. Resolves to how many that were. */
  async stop(): Promise<number> {
    this.#stopping.abort()
    for (const start of this.#queue.splice(0)) start()
    this.#roomMade?.()
    await Promise.all(this.#underWay)
    return this.#skipped
  }

  async #deliver(event: ForwardedEvent): Promise<void> {
    await this.#enter()
    try {
      if (this.#stopping.signal.aborted) this.#skipped += 1
      else this.#options.onOutcome(await this.#send(event))
    } finally {
      this.#sending -= 1
      this.#queue.shift()?.()
    }
  }

  async #enter(): Promise<void> {
    if (this.#sending >= CONCURRENT && !this.#stopping.signal.aborted)
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    this.#sending += 1
  }

  async #send(event: ForwardedEvent): Promise<Outcome> {
    const { signal } = this.#stopping
    for (let tries = 1; ; tries++) {
      const startedMs = performance.now()
      try {
        const status = await this.#post(event)
        return { event, status, error: undefined, tookMs: performance.now() - startedMs, tries }
      } catch (error) {
        const tookMs = performance.now() - startedMs
        const delayMs = isRefused(error) && !signal.aborted ? REFUSED_DELAYS_MS[tries - 1] : undefined
        if (delayMs === undefined) return { event, status: undefined, error: codeOf(error), tookMs, tries }
        if (tries === 1) this.#options.onWaiting(event)
        await delay(delayMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #post({ id, body }: ForwardedEvent): Promise<number> {
    const { target, signer, userAgent } = this.#options
    // Of the attempt: a receiver refuses what is older than five minutes.
    const timestampSeconds = Math.floor(Date.now() / 1000)
    const signed = signatureHeaders({ id, timestampSeconds, body }, [signer])
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': userAgent, ...signed },
      body,
      // As the server's deliveries: a redirect is a failure.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    // To its end, so that the connection can be used again; the time limit holds for it, too.
    await response.arrayBuffer()
    return response.status
  }
}

/** fetch says "fetch failed" and puts what happened into the cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const cause = error.cause instanceof Error ? (error.cause as NodeJS.ErrnoException) : undefined
  return cause?.code ?? (cause?.message || error.message)
}

/** Nobody listens at that address: also when it has several, of IPv4 and IPv6. */
function isRefused(error: unknown): boolean {
  return codeOf(error) === 'ECONNREFUSED'
}
