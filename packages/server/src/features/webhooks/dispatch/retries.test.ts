/** When failed deliveries are tried again. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterFailure, retryAfterMs, retryDelayMs, scheduleOf } from './retries.ts'

const HOUR_MS = 3_600_000

describe('the schedule', () => {
  test('of the live environment is that of the contract, nine retries', () => {
    const live = scheduleOf('live', undefined)
    const hours = [5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]
    const delays = hours.map((_, index) => retryDelayMs(live, index + 1, 0.5))
    expect(delays).toEqual(hours.map((hour) => Math.round(hour * HOUR_MS)))
    expect(retryDelayMs(live, 10, 0.5)).toBeUndefined()
  })

  test('of the test environment is over within a minute and a fifth, three retries', () => {
    const test = scheduleOf('test', undefined)
    const slowest = [1, 2, 3].map((attempts) => retryDelayMs(test, attempts, 0.999) ?? 0)
    expect(slowest.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(72_000)
    expect([1, 2, 3].reduce((sum, attempts) => sum + (retryDelayMs(test, attempts, 0.5) ?? 0), 0)).toBe(
      60_000,
    )
    expect(retryDelayMs(test, 4, 0.5)).toBeUndefined()
  })

  test('is kept to within a fifth, whatever chance says', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 604_800 }), { minLength: 1 }),
        fc.nat(),
        random,
        (seconds, at, chance) => {
          const attempts = (at % seconds.length) + 1
          const delay = retryDelayMs(scheduleOf('live', seconds), attempts, chance) ?? 0
          const wanted = (seconds[attempts - 1] ?? 0) * 1000
          expect(delay).toBeGreaterThanOrEqual(Math.floor(wanted * 0.8))
          expect(delay).toBeLessThanOrEqual(Math.ceil(wanted * 1.2))
        },
      ),
    )
  })
})

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-11-24T12:00:00Z')

  test.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['0', 0],
    ['Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is %j ms', (header, expected) => {
    expect(retryAfterMs(header, nowMs)).toBe(expected)
  })
})

describe('a failure', () => {
  const DAY_MS = 24 * HOUR_MS
  const failure = {
    status: 429 as number | null,
    retryAfter: '90' as string | undefined,
    ageMs: 0,
    tries: 1,
    schedule: [60, 600],
    nowMs: 0,
    random: 0.5,
  }

  test.each([429, 503])('of %i that says when to come back costs no retry', (status) => {
    const verdict = { toldMs: 90_000, isFree: true, delayMs: 90_000 }
    expect(afterFailure({ ...failure, status })).toEqual(verdict)
    expect(afterFailure({ ...failure, status, tries: 9 })).toEqual(verdict)
  })

  test('of a receiver that has said so for four days costs one, and it is still left alone that long', () => {
    expect(afterFailure({ ...failure, ageMs: 4 * DAY_MS - 1 })).toMatchObject({ isFree: true })
    const late = { ...failure, ageMs: 4 * DAY_MS }
    expect(afterFailure(late)).toEqual({ toldMs: 90_000, isFree: false, delayMs: 60_000 })
    expect(afterFailure({ ...late, tries: 3 }).delayMs).toBeUndefined()
  })

  test('"at once" is a second', () => {
    expect(afterFailure({ ...failure, retryAfter: '0' })).toMatchObject({ toldMs: 1_000, delayMs: 1_000 })
  })

  test.each([null, 302, 400, 404, 410, 500, 502])(
    'of %s is tried by the schedule, whatever it says of a time',
    (status) => {
      const verdict = { toldMs: undefined, isFree: false, delayMs: 600_000 }
      expect(afterFailure({ ...failure, status, tries: 2 })).toEqual(verdict)
    },
  )
})
