import { createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createSecret,
  findMalformation,
  hashSecret,
  lastFourOf,
  SECRET_LENGTH,
  secretHint,
} from './secret.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const environment = fc.constantFrom('test' as const, 'live' as const)

test('a secret is sk_, the environment, 24 random characters and 6 of checksum, and passes its own check', () => {
  fc.assert(
    fc.property(environment, (name) => {
      const secret = createSecret(name)
      expect(secret).toMatch(new RegExp(`^sk_${name}_[0-9A-Za-z]{30}$`))
      expect(secret).toHaveLength(SECRET_LENGTH)
      expect(findMalformation(secret)).toBeUndefined()
    }),
  )
})

test('the checksum is CRC-32 in base 62: a secret made by the rules elsewhere is accepted', () => {
  // Computed with Python: zlib.crc32(b"sk_test_" + b"A" * 24), written in base 62.
  expect(findMalformation(`sk_test_${'A'.repeat(24)}2OabWn`)).toBeUndefined()
})

test('every change of a single character is caught', () => {
  fc.assert(
    fc.property(environment, fc.nat(SECRET_LENGTH - 1), fc.nat(61), (name, position, letter) => {
      const secret = createSecret(name)
      const replacement = ALPHABET.charAt(letter)
      fc.pre(secret[position] !== replacement)
      const changed = secret.slice(0, position) + replacement + secret.slice(position + 1)
      const expected = position < 'sk_test_'.length ? 'wrong_prefix' : 'checksum_mismatch'
      expect(findMalformation(changed)).toBe(expected)
    }),
    { numRuns: 2_000 },
  )
})

test('two neighbouring characters swapped are caught', () => {
  fc.assert(
    fc.property(environment, fc.integer({ min: 8, max: SECRET_LENGTH - 2 }), (name, at) => {
      const secret = createSecret(name)
      fc.pre(secret[at] !== secret[at + 1])
      const swapped = secret.slice(0, at) + secret[at + 1] + secret[at] + secret.slice(at + 2)
      expect(findMalformation(swapped)).toBe('checksum_mismatch')
    }),
    { numRuns: 1_000 },
  )
})

test('each way to damage a secret has its reason', () => {
  const secret = createSecret('live')
  for (let length = 'sk_live_'.length; length < SECRET_LENGTH; length++) {
    expect(findMalformation(secret.slice(0, length))).toBe('truncated')
  }
  for (const text of [
    ` ${secret}`,
    `${secret}\n`,
    `${secret.slice(0, 20)} ${secret.slice(20)}`,
    `${secret}\u00a0`,
  ]) {
    expect(findMalformation(text)).toBe('whitespace')
  }
  for (const text of [
    'YOUR_API_KEY',
    secret.slice(1),
    `rk_${secret.slice(3)}`,
    secret.toUpperCase(),
    'sk_prod_x',
  ]) {
    expect(findMalformation(text)).toBe('wrong_prefix')
  }
  expect(findMalformation(`${secret}x`)).toBe('checksum_mismatch')
  expect(findMalformation(secret.replace('live', 'test'))).toBe('checksum_mismatch')
})

test('any text gets an answer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void findMalformation(text)))
})

test('the stored hash depends on the installation, and the hint shows four characters', () => {
  const secret = createSecret('test')
  expect(hashSecret(createSecretKey(Buffer.alloc(32, 1)), secret)).not.toEqual(
    hashSecret(createSecretKey(Buffer.alloc(32, 2)), secret),
  )
  expect(secretHint('test', lastFourOf(secret))).toBe(`sk_test_…${secret.slice(-4)}`)
})
