/** The text of client tokens: what is signed comes back whole, and nothing else does. */
import { createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../../../lib/ids.ts'
import { type ClientTokenClaims, ClientTokenCodec } from './client-token.ts'

const keyOf = (byte: number) => createSecretKey(Buffer.alloc(32, byte))
const codec = new ClientTokenCodec(keyOf(1))

const claims: fc.Arbitrary<ClientTokenClaims> = fc
  .record({
    environment: fc.constantFrom('test' as const, 'live' as const),
    isContact: fc.boolean(),
    expiresAtMs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  })
  .map(({ environment, isContact, expiresAtMs }) => ({
    tokenId: newId('ctok'),
    environment,
    environmentId: newId('env'),
    keyId: newId('key'),
    subject: isContact
      ? { kind: 'contact', contactId: newId('cust') }
      : { kind: 'conversation', conversationId: newId('conv') },
    expiresAtMs,
  }))

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))

test('what was written is read as it was', () => {
  fc.assert(
    fc.property(claims, (written) => {
      const text = codec.write(written)
      expect(text).toMatch(/^ct_(test|live)_[\w-]+\.[\w-]{43}$/)
      expect(codec.read(text)).toEqual(written)
    }),
  )
})

test('a token is read by no other installation', () => {
  fc.assert(
    fc.property(claims, fc.integer({ min: 2, max: 255 }), (written, byte) => {
      expect(new ClientTokenCodec(keyOf(byte)).read(codec.write(written))).toBeUndefined()
    }),
  )
})

test('no character can be changed, at any place, into any other', () => {
  fc.assert(
    fc.property(claims, (written) => {
      const text = codec.write(written)
      for (let i = 0; i < text.length; i++) {
        for (const letter of printable) {
          if (letter === text[i]) continue
          const changed = text.slice(0, i) + letter + text.slice(i + 1)
          if (codec.read(changed) !== undefined) expect.fail(`${changed} is read, and so is ${text}`)
        }
      }
    }),
    { numRuns: 2 },
  )
})

test('nothing can be added, taken away or swapped', () => {
  fc.assert(
    fc.property(
      claims,
      claims,
      fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom(...printable, '\n') }),
      fc.nat(),
      (one, other, extra, at) => {
        const text = codec.write(one)
        const place = at % (text.length + 1)
        expect(codec.read(text.slice(0, place) + extra + text.slice(place))).toBeUndefined()
        expect(codec.read(text.slice(0, place % text.length))).toBeUndefined()
        const [body] = text.split('.')
        const [, signature] = codec.write(other).split('.')
        expect(codec.read(`${body}.${signature}`)).toBeUndefined()
      },
    ),
  )
})

test('a token of one environment is none of the other', () => {
  fc.assert(
    fc.property(claims, (written) => {
      const text = codec.write(written)
      const swapped = text.startsWith('ct_test_') ? `ct_live_${text.slice(8)}` : `ct_test_${text.slice(8)}`
      expect(codec.read(swapped)).toBeUndefined()
    }),
  )
})

test('any text at all is read or refused, never a failure', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
      expect(codec.read(text)).toBeUndefined()
      expect(codec.read(`ct_test_${text}.${'A'.repeat(43)}`)).toBeUndefined()
    }),
  )
})

test('the signature is an HMAC-SHA-256 of everything before it', () => {
  fc.assert(
    fc.property(claims, (written) => {
      const [body = '', signature] = codec.write(written).split('.')
      expect(signature).toBe(createHmac('sha256', keyOf(1)).update(body).digest('base64url'))
    }),
  )
})
