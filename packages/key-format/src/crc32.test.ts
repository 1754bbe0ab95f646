import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from './crc32.ts'

test('CRC-32 is the one of zlib, for any ASCII text', () => {
  const ascii = fc.string({
    unit: fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)),
    maxLength: 300,
  })
  fc.assert(
    fc.property(ascii, (text) => {
      expect(crc32(text)).toBe(zlibCrc32(text))
    }),
    { numRuns: 5_000 },
  )
})

test('CRC-32 of 123456789 is the check value of the catalogue of parametrised CRC algorithms', () => {
  expect(crc32('123456789')).toBe(0xcbf43926)
  expect(crc32('')).toBe(0)
})

test('a text whose bytes would not be its characters is refused, not miscounted', () => {
  expect(() => crc32('é')).toThrow(RangeError)
})
