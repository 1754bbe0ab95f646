import { expect, it } from 'vitest'
import { listPath } from './list-path.ts'

it('leads from one thing to the list that it stands in, and leaves other paths alone', () => {
  expect(listPath('/contacts/cust_01jq3v4p5zeq8s2n7r6t9w0abc')).toBe('/contacts')
  expect(listPath('/settings/advanced/api-keys/key_01jq3v4p5zeq8s2n7r6t9w0abc')).toBe(
    '/settings/advanced/api-keys',
  )
  expect(listPath('/settings/advanced/logs')).toBe('/settings/advanced/logs')
  expect(listPath('/')).toBe('/')
})
