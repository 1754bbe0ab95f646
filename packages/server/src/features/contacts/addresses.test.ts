import fc from 'fast-check'
import type { CountryCode } from 'libphonenumber-js'
import { describe, expect, test } from 'vitest'
import { normaliseEmail, normalisePhone } from './addresses.ts'

describe('a phone number is stored in E.164, however it is written', () => {
  test.each<[text: string, country: CountryCode, stored: string]>([
    ['+14155552671', 'US', '+14155552671'],
    ['(415) 555-2671', 'US', '+14155552671'],
    ['415.555.2671', 'US', '+14155552671'],
    ['1 415 555 2671', 'US', '+14155552671'],
    [' +1 415\u00a0555\u20112671 ', 'US', '+14155552671'],
    ['＋１４１５５５５２６７１', 'US', '+14155552671'],
    ['+١٤١٥٥٥٥٢٦٧١', 'US', '+14155552671'],
    ['+14155552671', 'DE', '+14155552671'],
    ['0171 2345678', 'DE', '+491712345678'],
    ['+49 (0)171 2345678', 'US', '+491712345678'],
    ['0049 171 2345678', 'DE', '+491712345678'],
    ['011 49 171 2345678', 'US', '+491712345678'],
    ['020 7946 0000', 'GB', '+442079460000'],
    ['06 12345678', 'IT', '+390612345678'],
    ['+80012345678', 'US', '+80012345678'],
  ])('%s in %s', (text, country, stored) => {
    expect(normalisePhone(text, country)).toBe(stored)
  })
})

test.each(['+15551234567', '+1 555 123 4567', '(555) 123-4567', '+1 555 0100 200'])(
  'the number %s of examples is taken though nobody has it',
  (text) => {
    expect(normalisePhone(text, 'US')).toMatch(/^\+1555\d{7}$/)
  },
)

test.each([
  '',
  ' ',
  '+',
  'abc',
  '911',
  '40404',
  '555-1234',
  '+1415555267',
  '+141555526711',
  '+999123456789',
  '+1234567890123456789',
  'call +14155552671',
  '+14155552671 or +14155552672',
  '1-800-FLOWERS',
  '+14155552671 ext. 5',
  '+14155552671;ext=5',
])('%j is no phone number', (text) => {
  expect(normalisePhone(text, 'US')).toBeUndefined()
})

describe('an e-mail address is stored trimmed and in lower case', () => {
  test.each([
    ['Jane@Example.COM', 'jane@example.com'],
    ['\t jane@example.com \n', 'jane@example.com'],
    ['jane.doe+tag@mail.example.co.uk', 'jane.doe+tag@mail.example.co.uk'],
    ['jane..doe.@docomo.example', 'jane..doe.@docomo.example'],
    ["o'brien@example.com", "o'brien@example.com"],
    ['JOSÉ@Bücher.example', 'josé@bücher.example'],
    ['jose\u0301@example.com', 'jos\u00e9@example.com'],
    ['用户@例え.テスト', '用户@例え.テスト'],
  ])('%j', (text, stored) => {
    expect(normaliseEmail(text)).toBe(stored)
  })
})

test.each([
  '',
  'jane',
  '@',
  'jane@',
  '@example.com',
  'jane@example',
  'jane@@example.com',
  'jane@a@example.com',
  'jane doe@example.com',
  'jane@exam ple.com',
  'jane@example..com',
  'jane@.example.com',
  'jane@example.com.',
  'jane@-example.com',
  'Jane <jane@example.com>',
  '"jane doe"@example.com',
  'jane@example.com, joe@example.com',
  'jane\u200b@example.com',
  `${'x'.repeat(65)}@example.com`,
  `jane@${'x'.repeat(246)}.com`,
])('%j is no e-mail address', (text) => {
  expect(normaliseEmail(text)).toBeUndefined()
})

test('the longest address that is taken has 254 characters', () => {
  const longest = `jane@${'x'.repeat(245)}.com`
  expect(longest).toHaveLength(254)
  expect(normaliseEmail(longest)).toBe(longest)
})

test('a number that is another one each time it is read is none', () => {
  expect(normalisePhone('0000 00', 'DE')).toBeUndefined()
})

test('what was normalised stays as it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
      const email = normaliseEmail(text)
      fc.pre(email !== undefined)
      expect(normaliseEmail(email)).toBe(email)
    }),
  )
  const phoneText = fc.stringMatching(/^\+?[\d ()-]{7,18}$/)
  fc.assert(
    fc.property(phoneText, fc.constantFrom<CountryCode>('US', 'DE', 'IN', 'BR'), (text, country) => {
      const phone = normalisePhone(text, country)
      fc.pre(phone !== undefined)
      expect(phone).toMatch(/^\+[1-9]\d{4,14}$/)
      expect(normalisePhone(phone, 'JP')).toBe(phone)
    }),
  )
})
