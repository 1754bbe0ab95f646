/** Which limits hold for whom. */
import { expect, test } from 'vitest'
import type { ClientTokenPrincipal } from '../../principal.ts'
import { principal } from '../../testing/principal.ts'
import { nameOf, PolicyTable } from './policies.ts'

const { lastFour: _, allowlist: __, superseded: ___, ...key } = principal
const token: ClientTokenPrincipal = {
  ...key,
  kind: 'client_token',
  tokenId: 'ctok_1',
  subject: { kind: 'contact', contactId: 'cust_1' },
  tokenExpiresAt: new Date(0),
}
const minute = { windowMs: 60_000 }

test('a key has the limit of its workspace’s plan', () => {
  const table = new PolicyTable(undefined)
  expect(table.policiesOf(principal)).toEqual([{ name: 'standard', limit: 1000, ...minute }])
  const enterprise = { ...principal, plan: 'enterprise' as const, rateLimitPerMinute: 10_000 }
  expect(table.policiesOf(enterprise)).toEqual([{ name: 'enterprise', limit: 10_000, ...minute }])
})

test('a key’s own lower limit holds in place of the plan’s; a higher one doesn’t', () => {
  const table = new PolicyTable(undefined)
  const lower = { ...principal, rateLimitPerMinute: 5, ownRateLimitPerMinute: 5 }
  expect(table.policiesOf(lower)).toEqual([{ name: 'key', limit: 5, ...minute }])
  const higher = { ...principal, ownRateLimitPerMinute: 5_000 }
  expect(table.policiesOf(higher)).toEqual([{ name: 'standard', limit: 1000, ...minute }])
})

test('the burst limit holds for every key beside the other, and for no client token', () => {
  const table = new PolicyTable({ limit: 100, windowMs: 10_000 })
  const burst = { name: 'burst', limit: 100, windowMs: 10_000 }
  expect(table.policiesOf(principal)).toEqual([{ name: 'standard', limit: 1000, ...minute }, burst])
  expect(table.policiesOf(token)).toEqual([{ name: 'client_token', limit: 120, ...minute }])
})

test('keys with the same limits share their policies', () => {
  const table = new PolicyTable(undefined)
  expect(table.policiesOf({ ...principal })).toBe(table.policiesOf({ ...principal }))
})

test('all secrets of a key count together, its client tokens by whom they are for', () => {
  expect(nameOf(principal)).toBe('key_1')
  expect(nameOf({ ...principal, secretId: 'sec_2' })).toBe('key_1')
  expect(nameOf(token)).toBe('key_1/cust_1')
  expect(nameOf({ ...token, tokenId: 'ctok_2' })).toBe('key_1/cust_1')
  const other: ClientTokenPrincipal = {
    ...token,
    subject: { kind: 'conversation', conversationId: 'conv_1' },
  }
  expect(nameOf(other)).toBe('key_1/conv_1')
})
