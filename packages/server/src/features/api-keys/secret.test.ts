import { createSecretKey } from 'node:crypto'
import { findMalformation, SECRET_LENGTH } from '@agentclara/key-format'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSecret, hashSecret } from './secret.ts'

const environment = fc.constantFrom('test' as const, 'live' as const)

test('a new secret is sk_, the environment, 24 random characters and 6 of checksum, and passes its own check', () => {
  fc.assert(
    fc.property(environment, (name) => {
      const secret = createSecret(name)
      expect(secret).toMatch(new RegExp(`^sk_${name}_[0-9A-Za-z]{30}$`))
      expect(secret).toHaveLength(SECRET_LENGTH)
      expect(findMalformation(secret)).toBeUndefined()
    }),
  )
})

test('no letter or digit is favoured in the random part', () => {
  const counts = new Map<string, number>()
  const secrets = 20_000
  for (let i = 0; i < secrets; i++) {
    for (const letter of createSecret('test').slice(8, 32)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  const expected = (secrets * 24) / 62
  expect(counts.size).toBe(62)
  // Bytes taken modulo 62 would favour the first eight by a quarter. Chance stays within 6 standard deviations.
  for (const count of counts.values())
    expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected))
})

test('the stored hash depends on the installation', () => {
  const secret = createSecret('test')
  expect(hashSecret(createSecretKey(Buffer.alloc(32, 1)), secret)).not.toEqual(
    hashSecret(createSecretKey(Buffer.alloc(32, 2)), secret),
  )
})
