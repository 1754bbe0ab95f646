import { expect, test } from 'vitest'
import { closest } from './closest.ts'

test('the nearest known word is suggested, and none when nothing is near', () => {
  const known = ['customer_phone', 'customer_email', 'channel']
  expect(closest('customer_phne', known)).toBe('customer_phone')
  expect(closest('Chanel', known)).toBe('channel')
  expect(closest('emial', ['email'])).toBe('email')
  expect(closest('banana', known)).toBeUndefined()
  expect(closest('', known)).toBeUndefined()
})
