/**
 * When the same request is tried again, and after how long: pure decisions. Exponential backoff with full jitter, as
 * in "Exponential Backoff And Jitter" (AWS Architecture Blog), unless the server says how long to wait.
 */

const BASE_MS = 500
const MAX_MS = 8_000

/** 409 is tried again only when the first try is still at work. */
const PASSING = new Set([408, 429, 500, 502, 503, 504])

/** Whether the same request may be answered otherwise later. */
export function isPassing(status: number, code: string): boolean {
  return PASSING.has(status) || (status === 409 && code === 'idempotency_in_progress')
}

/**
 * How long to wait after this many tries (1 and more): anywhere between nothing and a limit that doubles from 0.5 s to
 * 8 s, so that clients that failed together don't come back together. `random` is at least 0 and less than 1.
 */
export function backoffMs(tries: number, random: number): number {
  return random * Math.min(MAX_MS, BASE_MS * 2 ** (tries - 1))
}

/** Of the header `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). Undefined when it says neither. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - nowMs : seconds * 1000
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined
}

export interface Failure {
  /** Those that were made, 1 and more. */
  tries: number
  maxRetries: number
  /** What the server asked for. */
  retryAfterMs: number | undefined
  /** Until the request has to be answered. */
  remainingMs: number
  random: number
}

/**
 * How long to wait for the next try; undefined when there is to be none: enough were made, or the server asks for more
 * time than there is. Waiting less than it asks for would only be refused again.
 */
export function nextTryMs(failure: Failure): number | undefined {
  if (failure.tries > failure.maxRetries) return undefined
  const waitMs = failure.retryAfterMs ?? backoffMs(failure.tries, failure.random)
  return waitMs < failure.remainingMs ? waitMs : undefined
}
