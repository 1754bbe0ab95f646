/** The address says what the list shows, and never holds a secret. */
import { expect, test } from 'vitest'
import { readKeysSearch, searchTextOf } from './filters.ts'

test('what isn’t known in the address is left out, and so is the default', () => {
  expect(readKeysSearch({ status: 'revoked', q: 'web', create: true, other: 1 })).toEqual({
    status: 'revoked',
    q: 'web',
    create: true,
  })
  expect(readKeysSearch({ status: 'gone', q: 5, create: 'yes' })).toEqual({})
  expect(readKeysSearch({ status: 'not_ended', q: '' })).toEqual({})
})

test.each([
  [' Website ', 'Website'],
  ['sk_live_0123456789abcdefghijklmnop9fQa', '9fQa'],
  ['sk_test_…9fQa', '9fQa'],
  ['sk_test_', ''],
  ['key_01jq3v4p5z', 'key_01jq3v4p5z'],
])('%j is searched as %j', (typed, sent) => {
  expect(searchTextOf(typed)).toBe(sent)
})
