import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checksum,
  findMalformation,
  findSecrets,
  lastFourOf,
  SECRET_LENGTH,
  secretHint,
} from './key-format.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const letter = fc.constantFrom(...ALPHABET)
const letters = (length: number) => fc.string({ unit: letter, minLength: length, maxLength: length })
const environment = fc.constantFrom('test' as const, 'live' as const)
const secret = fc.tuple(environment, letters(24)).map(([name, random]) => {
  const body = `sk_${name}_${random}`
  return body + checksum(body)
})
const found = (text: string) => [...findSecrets(text)].map((each) => each.secret)

describe('the format', () => {
  test('a body with its checksum is well-formed, and the checksum is six letters and digits', () => {
    fc.assert(
      fc.property(secret, (text) => {
        expect(text).toMatch(/^sk_(test|live)_[0-9A-Za-z]{30}$/)
        expect(text).toHaveLength(SECRET_LENGTH)
        expect(findMalformation(text)).toBeUndefined()
      }),
    )
  })

  test('the checksum is CRC-32 in base 62: a secret made by the rules elsewhere is accepted', () => {
    // Computed with Python: zlib.crc32(b"sk_test_" + b"A" * 24), written in base 62.
    expect(checksum(`sk_test_${'A'.repeat(24)}`)).toBe('2OabWn')
    expect(findMalformation(`sk_test_${'A'.repeat(24)}2OabWn`)).toBeUndefined()
  })

  test('every change of a single character is caught: each position, each letter', () => {
    fc.assert(
      fc.property(secret, (text) => {
        const missed: string[] = []
        for (let position = 0; position < SECRET_LENGTH; position++) {
          for (const replacement of ALPHABET) {
            if (text[position] === replacement) continue
            const changed = text.slice(0, position) + replacement + text.slice(position + 1)
            const expected = position < 'sk_test_'.length ? 'wrong_prefix' : 'checksum_mismatch'
            if (findMalformation(changed) !== expected || found(changed).length > 0) missed.push(changed)
          }
        }
        expect(missed).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  test('two neighbouring characters swapped are caught', () => {
    fc.assert(
      fc.property(secret, fc.integer({ min: 8, max: SECRET_LENGTH - 2 }), (text, at) => {
        fc.pre(text[at] !== text[at + 1])
        const swapped = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
        expect(findMalformation(swapped)).toBe('checksum_mismatch')
      }),
      { numRuns: 1_000 },
    )
  })

  test('each way to damage a secret has its reason', () => {
    const text = `sk_live_${'x'.repeat(24)}${checksum(`sk_live_${'x'.repeat(24)}`)}`
    for (let length = 'sk_live_'.length; length < SECRET_LENGTH; length++) {
      expect(findMalformation(text.slice(0, length))).toBe('truncated')
    }
    for (const damaged of [
      ` ${text}`,
      `${text}\n`,
      `${text.slice(0, 20)} ${text.slice(20)}`,
      `${text}\u00a0`,
    ]) {
      expect(findMalformation(damaged)).toBe('whitespace')
    }
    for (const other of [
      'YOUR_API_KEY',
      text.slice(1),
      `rk_${text.slice(3)}`,
      text.toUpperCase(),
      'sk_prod_x',
    ]) {
      expect(findMalformation(other)).toBe('wrong_prefix')
    }
    expect(findMalformation(`${text}x`)).toBe('checksum_mismatch')
    expect(findMalformation(text.replace('live', 'test'))).toBe('checksum_mismatch')
  })

  test('a checksum does not make a secret of characters outside the alphabet', () => {
    const body = `sk_test_${'-'.repeat(24)}`
    expect(findMalformation(body + checksum(body))).toBe('checksum_mismatch')
    expect(findMalformation(`sk_test_${'é'.repeat(30)}`)).toBe('checksum_mismatch')
  })

  test('any text gets an answer', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void findMalformation(text)))
  })

  test('a hint shows the environment and four characters', () => {
    fc.assert(
      fc.property(environment, secret, (name, text) => {
        expect(secretHint(name, lastFourOf(text))).toBe(`sk_${name}_…${text.slice(-4)}`)
      }),
    )
  })
})

describe('finding in text', () => {
  test('every secret is found at its place, between any texts that do not touch it with a letter or digit', () => {
    const between = fc.string({ unit: 'grapheme' }).map((text) => `;${text};`)
    fc.assert(
      fc.property(fc.array(fc.tuple(between, secret)), between, (parts, tail) => {
        const text = `${parts.map(([before, each]) => before + each).join('')}${tail}`
        const finds = [...findSecrets(text)]
        expect(finds.map((each) => each.secret)).toEqual(parts.map(([, each]) => each))
        for (const each of finds) {
          expect(text.slice(each.start, each.end)).toBe(each.secret)
          expect(each.secret.startsWith(`sk_${each.environment}_`)).toBe(true)
        }
      }),
    )
  })

  test('what precedes hides nothing, what follows directly makes it another thing', () => {
    fc.assert(
      fc.property(secret, letter, (text, neighbour) => {
        expect(found(neighbour + text)).toEqual([text])
        expect(found(`\\n${text}\\n`)).toEqual([text])
        expect(found(`key%3D${text}%0A`)).toEqual([text])
        expect(found(`my_${text}_old`)).toEqual([text])
        expect(found(text + neighbour)).toEqual([])
      }),
    )
  })

  test('the start of a secret that ends another candidate is not passed over', () => {
    fc.assert(
      fc.property(secret, letters(28), (text, random) => {
        expect(found(`sk_live_${random}${text}`)).toEqual([text])
        expect(found(`sk_test_sk_live_${text}`)).toEqual([text])
        expect(found(`${text}${text}`)).toEqual([text])
      }),
    )
  })

  test('a key as of Stripe, with 24 or with 99 and more random characters, is never found', () => {
    const stripe = fc
      .tuple(environment, fc.oneof(letters(24), letters(99), letters(107), letters(140)))
      .map(([name, random]) => `sk_${name}_${random}`)
    fc.assert(
      fc.property(
        fc.array(stripe, { minLength: 5 }),
        fc.constantFrom('\n', ' ', '","', '=', '_'),
        (keys, by) => {
          expect(found(keys.join(by))).toEqual([])
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('hostile text takes time in proportion to its length', () => {
    const hostile = [
      'sk_live_',
      'sk_live_sk_test_',
      `sk_live_${'a'.repeat(30)}`,
      `sk_test_${'b'.repeat(30)} `,
      'a',
      'sk_',
    ]
    const millisecondsFor = (piece: string, length: number) => {
      const text = piece.repeat(length / piece.length)
      const startMs = performance.now()
      for (const each of findSecrets(text)) void each
      return performance.now() - startMs
    }
    // 16 million characters: what is quadratic would take hours.
    for (const piece of hostile)
      expect(millisecondsFor(piece, 16_000_000), piece.slice(0, 20)).toBeLessThan(10_000)
  })
})
