/** The position never moves past an event that isn't recorded. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Progress } from './progress.ts'

interface Read {
  sequence: number
  isUnrecorded: boolean
}

const read = (sequence: number): Read => ({ sequence, isUnrecorded: true })

test('whatever is read and recorded in whatever order, the position is just before the first that is missing', () => {
  const step = fc.record({
    /** Events that are read, each this far beyond the one before, wanted or not. */
    gaps: fc.array(fc.record({ by: fc.integer({ min: 1, max: 5 }), isWanted: fc.boolean() }), {
      maxLength: 120,
    }),
    /** Which of those that wait are recorded, by their place. */
    recorded: fc.array(fc.nat(1_000), { maxLength: 150 }),
  })
  fc.assert(
    fc.property(fc.nat(1_000), fc.array(step, { maxLength: 30 }), (start, steps) => {
      const progress = new Progress(start)
      const waiting = new Map<number, Read>()
      let last = start
      let position = start
      for (const { gaps, recorded } of steps) {
        for (const { by, isWanted } of gaps) {
          last += by
          if (isWanted) {
            const item = read(last)
            waiting.set(last, item)
            progress.add(item)
          }
        }
        progress.advanceTo(last)
        const all = [...waiting.keys()]
        const sequences =
          all.length === 0 ? [] : [...new Set(recorded.map((at) => all[at % all.length] ?? 0))]
        for (const sequence of sequences) waiting.delete(sequence)
        const [first] = waiting.keys()
        const noted = progress.record(sequences)
        expect(noted).toBe(first === undefined ? last : first - 1)
        expect(noted).toBeGreaterThanOrEqual(position)
        expect(progress.unnoted).toBe(0)
        position = noted
      }
    }),
  )
})

test('what is repeated because it could not be written changes nothing', () => {
  const progress = new Progress(0)
  for (const sequence of [3, 5, 9]) progress.add(read(sequence))
  progress.advanceTo(12)
  expect(progress.record([5])).toBe(2)
  expect(progress.record([5])).toBe(2)
  expect(progress.readAhead).toBe(3)
  expect(progress.record([3])).toBe(8)
  expect(progress.record([3, 9])).toBe(12)
  expect(progress.readAhead).toBe(0)
})

test('a log without anything for the webhook moves the position only when that is noted', () => {
  const progress = new Progress(10)
  progress.advanceTo(2_000)
  progress.advanceTo(50)
  expect(progress.readTo).toBe(2_000)
  expect(progress.unnoted).toBe(1_990)
  progress.add(read(2_001))
  progress.advanceTo(2_001)
  expect(progress.unnoted).toBe(0)
  expect(progress.record([])).toBe(2_000)
})
