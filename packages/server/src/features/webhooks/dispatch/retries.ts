/** When a delivery that failed is tried again, as the clock and the receiver would have it. Pure. */

/** Seconds from one try to the next: nine retries over three days and a quarter. */
const LIVE_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
/** In the test environment it is known within a minute how it goes. */
const TEST_SECONDS = [5, 15, 40]
const JITTER = 0.2
const MAX_RETRY_AFTER_MS = 86_400_000
/** "At once" is no time to come back at. */
const SHORTEST_WAIT_MS = 1_000
/** A receiver that keeps telling to come back later is believed for so long. */
const PATIENCE_MS = 4 * 86_400_000

export type RetrySchedule = readonly number[]

export function scheduleOf(
  environment: 'test' | 'live',
  configured: RetrySchedule | undefined,
): RetrySchedule {
  return configured ?? (environment === 'live' ? LIVE_SECONDS : TEST_SECONDS)
}

/**
 * Milliseconds until the next try after `attempts` that failed (1 or more); undefined when there is none left.
 * `random` is in [0, 1): a fifth more or less, so that what failed together isn't tried together.
 */
export function retryDelayMs(schedule: RetrySchedule, attempts: number, random: number): number | undefined {
  const seconds = schedule[attempts - 1]
  return seconds === undefined ? undefined : Math.round(seconds * 1000 * (1 - JITTER + 2 * JITTER * random))
}

/** The header Retry-After (RFC 9110, section 10.2.3), seconds or a date, in milliseconds from now: a day at most. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const isSeconds = /^\d{1,9}$/.test(text)
  // Date.parse takes much that is no date of HTTP: those begin with the name of a day.
  if (!isSeconds && !/^[A-Z][a-z]{2,8},? /.test(text)) return undefined
  const ms = isSeconds ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS)
}

export interface Failure {
  /** Null: there was no answer. */
  readonly status: number | null
  /** The header of the answer. */
  readonly retryAfter: string | undefined
  /** Since the event. */
  readonly ageMs: number
  /** Attempts that failed since it was first sent or last asked for, with this one. */
  readonly tries: number
  readonly schedule: RetrySchedule
  readonly nowMs: number
  /** In [0, 1). */
  readonly random: number
}

export interface Verdict {
  /** The receiver said by a 429 or 503 that it wants nothing for so long. */
  readonly toldMs: number | undefined
  /** Who says when to come back is no failing receiver: it costs none of the retries. */
  readonly isFree: boolean
  /** Until the next try; undefined when there is none left. */
  readonly delayMs: number | undefined
}

export function afterFailure(failure: Failure): Verdict {
  const { status, nowMs } = failure
  const asked = status === 429 || status === 503 ? retryAfterMs(failure.retryAfter, nowMs) : undefined
  const toldMs = asked === undefined ? undefined : Math.max(SHORTEST_WAIT_MS, asked)
  const isFree = toldMs !== undefined && failure.ageMs < PATIENCE_MS
  const delayMs = isFree ? toldMs : retryDelayMs(failure.schedule, failure.tries, failure.random)
  return { toldMs, isFree, delayMs }
}
