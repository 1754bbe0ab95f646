/** The address of usage says what is shown; what it can't mean is ignored. */
import { expect, test } from 'vitest'
import { planLimit, readUsageSearch } from './usage-search.ts'

test('a range and a key are kept, anything else is left out', () => {
  expect(readUsageSearch({ range: '7d', key: 'key_1', x: 1 })).toEqual({ range: '7d', key: 'key_1' })
  expect(readUsageSearch({ range: '1y', key: 'conv_1' })).toEqual({})
})

test('only a known plan has a limit', () => {
  expect([planLimit('standard'), planLimit('enterprise'), planLimit('toString')]).toEqual([
    1_000,
    10_000,
    undefined,
  ])
})
