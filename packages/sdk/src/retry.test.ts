import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, isPassing, nextTryMs, retryAfterMs } from './retry.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const tries = fc.integer({ min: 1, max: 1_000 })

test('a wait is anywhere below a limit that doubles from half a second to eight', () => {
  fc.assert(
    fc.property(tries, random, (made, luck) => {
      const limitMs = Math.min(8_000, 500 * 2 ** (made - 1))
      const waitMs = backoffMs(made, luck)
      expect(waitMs).toBeGreaterThanOrEqual(0)
      expect(waitMs).toBeLessThanOrEqual(limitMs)
      expect(backoffMs(made, 0)).toBe(0)
      expect(waitMs).toBeCloseTo(limitMs * luck)
    }),
  )
})

test('what the server asks for is waited for in full, or not at all', () => {
  const waits = fc.integer({ min: 0, max: 200_000 })
  fc.assert(
    fc.property(tries, waits, waits, random, (made, retryAfter, remainingMs, luck) => {
      const failure = { tries: made, maxRetries: 5, retryAfterMs: retryAfter, remainingMs, random: luck }
      expect(nextTryMs(failure)).toBe(made > 5 || retryAfter >= remainingMs ? undefined : retryAfter)
    }),
  )
})

test('there are never more tries than allowed, nor a wait past the end', () => {
  fc.assert(
    fc.property(tries, fc.nat(10), fc.nat(20_000), random, (made, maxRetries, remainingMs, luck) => {
      const failure = { tries: made, maxRetries, retryAfterMs: undefined, remainingMs, random: luck }
      const waitMs = nextTryMs(failure)
      if (made > maxRetries) expect(waitMs).toBe(undefined)
      else if (waitMs !== undefined) expect(waitMs).toBeLessThan(remainingMs)
    }),
  )
})

test.each([
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
  ['0', 0],
  ['2', 2_000],
  ['1.5', 1_500],
  ['-3', 0],
  ['Thu, 01 Jan 1970 00:01:10 GMT', 10_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['Infinity', undefined],
])('Retry-After: %s is %s ms', (header, ms) => {
  expect(retryAfterMs(header, 60_000)).toBe(ms)
})

test('only what may pass is tried again', () => {
  const passing = [400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 501, 502, 503, 504].filter((status) =>
    isPassing(status, 'x'),
  )
  expect(passing).toEqual([408, 429, 500, 502, 503, 504])
  expect(isPassing(409, 'idempotency_in_progress')).toBe(true)
  expect(isPassing(409, 'conflict')).toBe(false)
})
