/** How fast a receiver is sent to. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_IN_FLIGHT, Pacing } from './pacing.ts'

test('a receiver that answers well is sent to as fast as it takes, up to the bound at once', () => {
  const pacing = new Pacing()
  expect(pacing.allows(0, MAX_IN_FLIGHT - 1)).toBe(true)
  expect(pacing.allows(0, MAX_IN_FLIGHT)).toBe(false)
})

test('no more than the rate is sent in any second', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }),
      (rate, gaps) => {
        const pacing = new Pacing()
        pacing.setRate(rate)
        const sentMs: number[] = []
        let nowMs = 10_000
        for (const gap of gaps) {
          nowMs += gap
          for (let tries = 0; tries < 50 && pacing.allows(nowMs, 0); tries++) {
            pacing.sent(nowMs)
            sentMs.push(nowMs)
          }
        }
        for (const [index, from] of sentMs.entries()) {
          const within = sentMs.slice(index).filter((at) => at - from < 1000).length
          expect(within).toBeLessThanOrEqual(rate)
        }
        const first = sentMs[0]
        const last = sentMs.at(-1)
        if (first !== undefined && last !== undefined)
          expect(sentMs.length).toBeLessThanOrEqual(rate + 1 + ((last - first) / 1000) * rate)
        expect(pacing.nextAtMs - nowMs).toBeLessThanOrEqual(Math.ceil(1050 / rate))
      },
    ),
  )
})

test('a receiver that nothing gets through to is sent less and less, never nothing, and all at once again step by step', () => {
  const pacing = new Pacing()
  let nowMs = 0
  for (let failures = 0; failures < 9; failures++) pacing.failed(nowMs)
  expect(pacing.isDown).toBe(false)
  expect(pacing.allows(nowMs, 3)).toBe(true)
  const pauses: number[] = []
  for (let failures = 0; failures < 20; failures++) {
    pacing.failed(nowMs)
    pauses.push(pacing.nextAtMs - nowMs)
    expect(pacing.isDown).toBe(true)
    nowMs = pacing.nextAtMs
    expect(pacing.allows(nowMs, 0)).toBe(true)
    expect(pacing.allows(nowMs, 1)).toBe(false)
  }
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
  expect(pauses[0]).toBe(250)
  expect(pauses.at(-1)).toBe(30_000)
  pacing.succeeded()
  expect(pacing.isDown).toBe(false)
  expect([pacing.allows(nowMs, 1), pacing.allows(nowMs, 2)]).toEqual([true, false])
  for (let successes = 0; successes < 3; successes++) pacing.succeeded()
  expect(pacing.allows(nowMs, MAX_IN_FLIGHT - 1)).toBe(true)
})

test('a receiver that says when to come back isn’t sent to before', () => {
  const pacing = new Pacing()
  pacing.pause(5_000)
  expect(pacing.allows(4_999, 0)).toBe(false)
  expect(pacing.nextAtMs).toBe(5_000)
  expect(pacing.allows(5_000, 0)).toBe(true)
  // An answer that was under way says nothing against it.
  pacing.pause(9_000)
  pacing.succeeded()
  expect(pacing.allows(8_999, 0)).toBe(false)
})
