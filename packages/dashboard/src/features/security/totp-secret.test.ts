import { expect, test } from 'vitest'
import { secretOf } from './totp-secret.ts'

test('the secret is shown in groups that can be typed', () => {
  expect(
    secretOf('otpauth://totp/AgentClara:ada%40example.com?secret=JBSWY3DPEHPK3PXPAB&issuer=AgentClara'),
  ).toBe('JBSW Y3DP EHPK 3PXP AB')
})

test('what is no such address has none', () => {
  expect(secretOf('hello')).toBe('')
  expect(secretOf('otpauth://totp/x')).toBe('')
})
