/** What is typed about a key's limits is sent as it was meant, or said to be wrong where it is wrong. */
import { describe, expect, test } from 'vitest'
import { readAddresses, withAddress } from './addresses.ts'
import { expiresAtOf, toDateField } from './expiry.ts'

describe('addresses', () => {
  test('one a line or with commas, comments and empty lines aside', () => {
    const { entries, problems } = readAddresses('203.0.113.7 # office\n\n 2001:db8::/32, 10.0.0.0/8\n')
    expect(entries).toEqual([
      { line: 1, text: '203.0.113.7' },
      { line: 3, text: '2001:db8::/32' },
      { line: 3, text: '10.0.0.0/8' },
    ])
    expect(problems).toEqual([])
  })

  test.each([
    '203.0.113',
    '203.0.113.256',
    '01.2.3.4',
    '1.2.3.4/33',
    '1.2.3.4/8/8',
    'example.com',
    '::g',
    '::1/129',
    '1:2',
    '::1]/x',
  ])('%s is named with its line', (text) => {
    expect(readAddresses(`203.0.113.7\n${text}`).problems).toMatchObject([{ line: 2, text }])
  })

  test('an address is added once', () => {
    expect(withAddress('', '::1')).toBe('::1')
    expect(withAddress('::1\n', '::1')).toBe('::1\n')
    expect(withAddress('10.0.0.1\n', '::1')).toBe('10.0.0.1\n::1')
  })
})

describe('expiry', () => {
  const nowMs = Date.UTC(2030, 0, 1)

  test('days are counted from now, and never is null', () => {
    expect(expiresAtOf('90', '', nowMs)).toBe('2030-04-01T00:00:00.000Z')
    expect(expiresAtOf('never', '2030-05-05', nowMs)).toBeNull()
  })

  test('a date is that day to its end where the person is, and is shown as that day again', () => {
    const iso = String(expiresAtOf('date', '2030-02-28', nowMs))
    expect(new Date(iso).getHours()).toBe(23)
    expect(toDateField(iso)).toBe('2030-02-28')
  })

  test.each(['', '2030-02-30', '2030-02', 'x', '20300-'])('%j is no date', (date) => {
    expect(expiresAtOf('date', date, nowMs)).toBeUndefined()
  })
})
