import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance } from './edit-distance.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })

describe('editDistance', () => {
  it('counts letters inserted, removed, changed and swapped', () => {
    expect(editDistance('password', 'passwrod', 2)).toBe(1)
    expect(editDistance('parking', 'praking', 2)).toBe(1)
    expect(editDistance('adress', 'address', 2)).toBe(1)
    expect(editDistance('printer', 'printed', 2)).toBe(1)
  })

  it('is above the limit exactly when the full distance is', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, limit) => {
        const full = editDistance(a, b, 20)
        const limited = editDistance(a, b, limit)
        if (full <= limit) expect(limited).toBe(full)
        else expect(limited).toBeGreaterThan(limit)
      }),
    )
  })

  it('is the same both ways and 0 for the same word alone', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b, 20)).toBe(editDistance(b, a, 20))
        expect(editDistance(a, b, 20) === 0).toBe(a === b)
      }),
    )
  })
})
