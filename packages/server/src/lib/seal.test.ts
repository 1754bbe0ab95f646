/** What is sealed opens with its own key alone, and only whole. */
import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digest, seal, unseal } from './seal.ts'

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array))

test('whatever is sealed comes back as it was', () => {
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 5_000 }), (key, plain) => {
      expect(unseal(key, 'outcome', seal(key, 'outcome', plain))).toEqual(Buffer.from(plain))
    }),
  )
  fc.assert(
    fc.property(bytes(32), fc.string({ unit: 'binary' }), (key, text) => {
      expect(unseal(key, 'answer', seal(key, 'answer', text))?.toString('utf8')).toBe(text)
    }),
  )
})

test('another key, another purpose, or any changed byte opens nothing', () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(32),
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.nat(),
      (key, other, plain, at) => {
        fc.pre(!key.equals(other))
        const sealed = seal(key, 'answer', plain)
        expect(unseal(other, 'answer', sealed)).toBeUndefined()
        expect(unseal(key, 'outcome', sealed)).toBeUndefined()
        const changed = Buffer.from(sealed)
        changed[at % sealed.length] = (changed[at % sealed.length] ?? 0) ^ 1
        expect(unseal(key, 'answer', changed)).toBeUndefined()
        expect(unseal(key, 'answer', sealed.subarray(0, at % sealed.length))).toBeUndefined()
      },
    ),
  )
})

test('digests of parts that join to the same text differ', () => {
  const key = createSecretKey(randomBytes(32))
  expect(digest(key, 'ab', 'c')).not.toEqual(digest(key, 'a', 'bc'))
  expect(digest(key, 'a', 'b')).toEqual(digest(key, 'a', Buffer.from('b')))
})
