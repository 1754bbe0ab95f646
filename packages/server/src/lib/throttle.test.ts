import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Throttle } from './throttle.ts'

/** The same promise, kept by looking back at everything that was ever taken. */
class Model {
  readonly #burst: number
  readonly #perMinute: number
  readonly #taken: number[] = []

  constructor(burst: number, perMinute: number) {
    this.#burst = burst
    this.#perMinute = perMinute
  }

  /** In sixty-thousandths of one, so that they are whole. */
  #leftAt(nowMs: number): number {
    const full = this.#burst * 60_000
    let left = full
    let atMs = this.#taken[0] ?? nowMs
    for (const takenMs of this.#taken) {
      left = Math.min(full, left + (takenMs - atMs) * this.#perMinute) - 60_000
      atMs = takenMs
    }
    return Math.min(full, left + (nowMs - atMs) * this.#perMinute)
  }

  take(nowMs: number): number {
    let waitMs = 0
    while (this.#leftAt(nowMs + waitMs) < 60_000) waitMs += 1
    if (waitMs === 0) this.#taken.push(nowMs)
    return waitMs
  }
}

const steps = fc.array(
  fc.record({ name: fc.constantFrom('a', 'b'), waitMs: fc.oneof(fc.constant(0), fc.nat(2_000)) }),
  { maxLength: 40 },
)

test('every name is given exactly what the model gives it, and told the first instant that would do', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 20, max: 700 }),
      steps,
      (burst, perMinute, taken) => {
        const throttle = new Throttle({ burst, perMinute })
        const models = { a: new Model(burst, perMinute), b: new Model(burst, perMinute) }
        let nowMs = 1_750_000_000_000
        for (const { name, waitMs } of taken) {
          nowMs += waitMs
          const expected = models[name as 'a' | 'b'].take(nowMs)
          expect(throttle.take(name, nowMs)).toBe(expected)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('in no window of time is more taken than the burst and what comes back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 200 }), (waitsMs) => {
      const throttle = new Throttle({ burst: 3, perMinute: 600 })
      const accepted: number[] = []
      let nowMs = 0
      for (const waitMs of waitsMs) {
        nowMs += waitMs
        if (throttle.take('x', nowMs) === 0) accepted.push(nowMs)
      }
      for (const [from, startMs] of accepted.entries()) {
        for (const [to, endMs] of accepted.entries()) {
          if (to >= from) expect(to - from + 1).toBeLessThanOrEqual(3 + (endMs - startMs) / 100)
        }
      }
    }),
  )
})

test('refusals cost nothing', () => {
  const throttle = new Throttle({ burst: 1, perMinute: 1 })
  expect(throttle.take('x', 0)).toBe(0)
  for (let i = 0; i < 5; i++) expect(throttle.take('x', 30_000)).toBe(30_000)
  expect(throttle.take('x', 59_999)).toBe(1)
  expect(throttle.take('x', 60_000)).toBe(0)
})

test('a clock that is set back neither gives nor takes', () => {
  const throttle = new Throttle({ burst: 1, perMinute: 60 })
  expect(throttle.take('x', 1_000_000)).toBe(0)
  expect(throttle.take('x', 500_000)).toBe(1_000)
  expect(throttle.take('x', 501_000)).toBe(0)
})

test('who waits as long as was said is given one, at fractions of milliseconds, too', () => {
  const instant = fc.double({ min: 0, max: 2e12, noNaN: true })
  fc.assert(
    fc.property(
      instant,
      fc.double({ min: 0, max: 1_000, noNaN: true }),
      fc.integer({ min: 1, max: 10_000 }),
      (startMs, laterMs, perMinute) => {
        const throttle = new Throttle({ burst: 1, perMinute })
        expect(throttle.take('x', startMs)).toBe(0)
        const nowMs = startMs + laterMs
        const waitMs = throttle.take('x', nowMs)
        if (waitMs > 0) expect(throttle.take('x', nowMs + waitMs)).toBe(0)
      },
    ),
    { numRuns: 1_000 },
  )
})

test('of more names than there is room for, those asked about longest ago are forgotten', () => {
  const throttle = new Throttle({ burst: 1, perMinute: 1, maxNames: 2 })
  throttle.take('a', 0)
  throttle.take('b', 0)
  expect(throttle.take('a', 0)).toBeGreaterThan(0)
  throttle.take('c', 0)
  expect(throttle.take('a', 0)).toBeGreaterThan(0)
  expect(throttle.take('b', 0)).toBe(0)
})

test.each([
  { burst: 0, perMinute: 1 },
  { burst: 1, perMinute: 0.5 },
  { burst: 1, perMinute: Number.NaN },
  { burst: 1, perMinute: 1, maxNames: 0 },
])('%o is refused', (options) => {
  expect(() => new Throttle(options)).toThrow(RangeError)
})
