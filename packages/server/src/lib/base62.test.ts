import { expect, test } from 'vitest'
import { randomBase62 } from './base62.ts'

test('every letter and digit is equally likely', () => {
  const length = 620_000
  const counts = new Map<string, number>()
  for (const character of randomBase62(length)) counts.set(character, (counts.get(character) ?? 0) + 1)
  expect(counts.size).toBe(62)
  const expected = length / 62
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // 61 degrees of freedom: above 120 is a chance of 1 in 100,000; taking bytes modulo 62 gives over 4,000.
  expect(chiSquare).toBeLessThan(120)
})
