import { expect, it } from 'vitest'
import { actionsOf, customerOf } from './words.ts'

it('offers only what the state of a conversation allows', () => {
  expect(actionsOf({ status: 'open', handled_by: 'clara' })).toEqual(['handOff', 'resolve', 'close'])
  expect(actionsOf({ status: 'open', handled_by: 'human' })).toEqual(['returnToClara', 'resolve', 'close'])
  expect(actionsOf({ status: 'pending', handled_by: 'none' })).toEqual([
    'handOff',
    'returnToClara',
    'reopen',
    'resolve',
    'close',
  ])
  expect(actionsOf({ status: 'resolved', handled_by: 'human' })).toEqual(['reopen', 'close'])
  expect(actionsOf({ status: 'closed', handled_by: 'clara' })).toEqual(['reopen'])
})

it('calls a customer by the best that is known', () => {
  const nothing = { customer_name: null, customer_email: null, customer_phone: null }
  expect(customerOf({ ...nothing, customer_name: 'Ada', customer_email: 'ada@example.com' })).toBe('Ada')
  expect(customerOf({ ...nothing, customer_phone: '+14155552671' })).toBe('+14155552671')
  expect(customerOf(nothing)).toBe('Unknown customer')
})
