import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reportMatches } from './report-matches.ts'
import type { LeakMatch } from './schema.ts'

const KNOWN = ['a', 'b']
const match = fc.record<LeakMatch>({
  token: fc.constantFrom('a', 'b', 'c', 'd'),
  type: fc.constantFrom('t', 'u'),
  url: fc.constantFrom('https://x/1', 'https://x/2', ''),
  source: fc.constantFrom('commit', null),
})

test('every match has its verdict, in order; every place of a known secret is reported once, of an unknown one the first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(match, { maxLength: 60 }), async (matches) => {
      const reported: string[] = []
      let atOnce = 0
      const underWay = new Map<string, number>()
      const verdicts = await reportMatches(matches, async ({ token, url, source }) => {
        underWay.set(token, (underWay.get(token) ?? 0) + 1)
        atOnce = Math.max(
          atOnce,
          [...underWay.values()].reduce((a, b) => a + b),
        )
        expect(underWay.get(token)).toBe(1)
        await new Promise(setImmediate)
        reported.push(JSON.stringify([token, url, source]))
        underWay.set(token, 0)
        return KNOWN.includes(token) ? 'known' : 'unknown'
      })
      expect(verdicts).toEqual(
        matches.map(({ token, type }) => ({
          token_hash: createHash('sha256').update(token).digest('hex'),
          token_type: type,
          label: KNOWN.includes(token) ? 'true_positive' : 'false_positive',
        })),
      )
      const placeOf = ({ token, url, source }: LeakMatch) => JSON.stringify([token, url, source])
      const expected = new Set(
        matches
          .filter(
            ({ token }, index) =>
              KNOWN.includes(token) || matches.findIndex((other) => other.token === token) === index,
          )
          .map(placeOf),
      )
      expect(reported.toSorted()).toEqual([...expected].toSorted())
      expect(atOnce).toBeLessThanOrEqual(4)
    }),
  )
})

test('after a failure nothing new begins, and nothing is under way any more when it is thrown', async () => {
  const matches = Array.from({ length: 100 }, (_, i) => ({ token: `t${i}`, type: 't' }))
  let begun = 0
  let ended = 0
  const failure = new Error('database is gone')
  await expect(
    reportMatches(matches, async ({ token }) => {
      begun += 1
      await new Promise(setImmediate)
      ended += 1
      if (token === 't5') throw failure
      return 'unknown'
    }),
  ).rejects.toBe(failure)
  expect(begun).toBeLessThan(12)
  expect(ended).toBe(begun)
})
