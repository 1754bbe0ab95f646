import { expect, test } from 'vitest'
import { readSecondFactor } from './second-factor.ts'

test.each([
  ['123456', 'totp', '123456'],
  [' 123 456 ', 'totp', '123456'],
  ['aB3dE-fG7hI', 'recovery', 'aB3dE-fG7hI'],
  ['aB3dEfG7hI', 'recovery', 'aB3dE-fG7hI'],
  ['aB3dE fG7hI', 'recovery', 'aB3dE-fG7hI'],
  ['1234567890', 'recovery', '12345-67890'],
  ['12345', 'recovery', '12345'],
])('%j is read as a %s code', (typed, kind, code) => {
  expect(readSecondFactor(typed)).toEqual({ kind, code })
})
