import { expect, test } from 'vitest'
import { readSearch } from './search-terms.ts'

test('wildcards of the database are taken as they are', () => {
  expect(readSearch('50%_\\', 'US')).toMatchObject({ contains: '%50\\%\\_\\\\%', prefix: '50\\%\\_\\\\%' })
})

test.each([
  ['(415) 555', '%415555%'],
  ['+1 415', '%1415%'],
  ['0171-23', '%17123%'],
  ['0049 171', '%49171%'],
  ['12', null],
  ['000', null],
  ['Room 101', null],
])('of %s the digits %s are looked for in phone numbers', (text, digits) => {
  expect(readSearch(text, 'DE').digits).toBe(digits)
})

test('a whole address is looked for in the form in which it is stored', () => {
  expect(readSearch(' Jane@Example.com ', 'US').addresses).toEqual(['jane@example.com'])
  expect(readSearch('+49 (0)171 2345678', 'US').addresses).toEqual(['+491712345678'])
  expect(readSearch('Jane', 'US').addresses).toEqual([])
})
