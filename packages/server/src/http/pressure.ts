/**
 * Whether the server is so far behind with its work that it refuses new requests rather than letting all of them wait.
 * Measured here and not by @fastify/under-pressure: that one judges by the mean of a second, in which a stretch of work
 * that holds everything up for as long disappears, and builds the route's options for every request.
 */
import { ApiError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered however far the server is behind: whoever watches it wants to know whether it lives. */
    answersUnderPressure?: boolean
  }
}

/** How often the loop is seen to turn. */
const TICK_MS = 50
/** Between two lines in the log that say that requests were refused. */
const REPORT_EVERY_MS = 10_000
const RETRY_AFTER_SECONDS = { least: 1, most: 3 }

export interface PressureOptions {
  /** Above it requests are refused; 0: never. */
  maxDelayMs: number
  /** Called with the first refusal, and then at most every 10 s. */
  onRefusing: (delayMs: number, refused: number) => void
}

/** Runs a timer from the moment it is made until `stop()`; the timer keeps no process alive. */
export class Pressure {
  readonly #options: PressureOptions
  readonly #timer: NodeJS.Timeout
  #tickedMs = performance.now()
  /** How late the last tick was: those who wait behind it have waited for as long. */
  #lateMs = 0
  #refused = 0
  #reportedMs = Number.NEGATIVE_INFINITY

  constructor(options: PressureOptions) {
    this.#options = options
    this.#timer = setInterval(() => {
      const nowMs = performance.now()
      this.#lateMs = Math.max(0, nowMs - this.#tickedMs - TICK_MS)
      this.#tickedMs = nowMs
    }, TICK_MS).unref()
  }

  /** How far the loop is behind, in milliseconds: by its last turn, or by the one under way when that is longer. */
  get delayMs(): number {
    return Math.max(this.#lateMs, performance.now() - this.#tickedMs - TICK_MS)
  }

  /** Requests that `refusal()` was made for, since the start. */
  get refused(): number {
    return this.#refused
  }

  get isTooHigh(): boolean {
    return this.#options.maxDelayMs > 0 && this.delayMs > this.#options.maxDelayMs
  }

  /** The 503 for a request that comes while it is too high. Clients come back apart from each other. */
  refusal(): ApiError {
    this.#refused += 1
    const nowMs = performance.now()
    if (nowMs - this.#reportedMs >= REPORT_EVERY_MS) {
      this.#reportedMs = nowMs
      this.#options.onRefusing(this.delayMs, this.#refused)
    }
    const { least, most } = RETRY_AFTER_SECONDS
    const seconds = least + Math.floor(Math.random() * (most - least + 1))
    return new ApiError('unavailable', {
      hint: 'The server has more to do than it can just now, and did nothing for this request. Try again after the time in the Retry-After header.',
      headers: { 'retry-after': String(seconds) },
    })
  }

  /** What was done until now kept nobody waiting: the server begins to listen. */
  begin(): void {
    this.#tickedMs = performance.now()
    this.#lateMs = 0
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
