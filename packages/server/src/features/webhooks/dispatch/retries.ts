/** When a delivery that failed is tried again, as the clock and the receiver would have it. Pure. */

/** Seconds from one try to the next: nine retries over three days and a quarter. */
const LIVE_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
/** In the test environment it is known within a minute how it goes. */
const TEST_SECONDS = [5, 15, 40]
const JITTER = 0.2
const MAX_RETRY_AFTER_MS = 86_400_000

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
