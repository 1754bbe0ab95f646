import { expect, test } from 'vitest'
import { isId, newId, newIdAt } from './ids.ts'

test('ids made one after another are strictly increasing, also within a millisecond', () => {
  const ids = Array.from({ length: 20_000 }, () => newId('msg'))
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(ids.length)
})

test('an id carries its time, version 7 and the variant of RFC 9562', () => {
  const ms = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
  const bytes = decode(newIdAt('conv', ms).slice('conv_'.length))
  expect(bytes >> 80n).toBe(BigInt(ms))
  expect((bytes >> 76n) & 0xfn).toBe(7n)
  expect((bytes >> 62n) & 0b11n).toBe(0b10n)
})

test('ids of later instants sort after ids of earlier ones', () => {
  const instants = [0, 1, 31, 32, 65_535, 65_536, 2 ** 32, 2 ** 47, 2 ** 48 - 1]
  const ids = instants.map((ms) => newIdAt('evt', ms))
  expect(ids).toEqual(ids.toSorted())
})

test('only the form of an id is judged by isId', () => {
  expect(isId('key', newId('key'))).toBe(true)
  expect(isId('conv', newId('key'))).toBe(false)
  for (const text of ['', 'key_', 'key_abc', `key_8${'0'.repeat(25)}`, `key_${'u'.repeat(26)}`]) {
    expect(isId('key', text)).toBe(false)
  }
})

function decode(text: string): bigint {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  return [...text].reduce((value, character) => value * 32n + BigInt(alphabet.indexOf(character)), 0n)
}
