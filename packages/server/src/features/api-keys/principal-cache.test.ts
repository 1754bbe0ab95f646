import { expect, test } from 'vitest'
import type { ApiKeyPrincipal } from '../../principal.ts'
import { type Credential, PrincipalCache } from './principal-cache.ts'

const principal: ApiKeyPrincipal = {
  kind: 'api_key',
  keyId: 'key_1',
  secretId: 'sec_1',
  name: 'ci',
  lastFour: 'abcd',
  environmentId: 'env_1',
  environment: 'test',
  workspaceId: 'ws_1',
  workspaceName: 'Acme',
  rateLimitPerMinute: 1000,
  grants: ['*'],
  expiresAt: null,
}
const known = (readAtMs: number): Credential => ({ kind: 'known', principal, revokedAt: null, readAtMs })

function hearingCache(): PrincipalCache {
  const cache = new PrincipalCache()
  cache.setHears(true)
  return cache
}

test('an entry is kept as long as changes are heard', () => {
  const cache = hearingCache()
  expect(cache.remember('h', known(0), cache.changes)).toBe(true)
  expect(cache.find('h', 1e12)).toBeDefined()
})

test('a changed key is forgotten with all its secrets', () => {
  const cache = hearingCache()
  cache.remember('old', known(0), cache.changes)
  cache.remember('new', known(0), cache.changes)
  cache.forget('key_1')
  expect(cache.find('old', 0)).toBeUndefined()
  expect(cache.find('new', 0)).toBeUndefined()
})

test('a lookup that was under way when a change was heard is not remembered', () => {
  const cache = hearingCache()
  const changes = cache.changes
  cache.forget('key_1')
  expect(cache.remember('h', known(0), changes)).toBe(false)
  expect(cache.find('h', 0)).toBeUndefined()
})

test('while changes can’t be heard, an entry lives one second', () => {
  const cache = hearingCache()
  cache.setHears(false)
  cache.remember('h', known(1_000), cache.changes)
  expect(cache.find('h', 1_999)).toBeDefined()
  expect(cache.find('h', 2_000)).toBeUndefined()
})

test('what was remembered during a gap is forgotten when changes are heard again', () => {
  const cache = hearingCache()
  cache.setHears(false)
  cache.remember('h', known(0), cache.changes)
  cache.setHears(true)
  expect(cache.find('h', 0)).toBeUndefined()
})

test('unknown secrets are remembered for a minute, and ten thousand of them at most', () => {
  const cache = hearingCache()
  for (let i = 0; i < 12_000; i++) cache.remember(`u${i}`, { kind: 'unknown', readAtMs: 0 }, cache.changes)
  expect(cache.find('u0', 0)).toBeUndefined()
  expect(cache.find('u11999', 59_999)).toBeDefined()
  expect(cache.find('u11999', 60_000)).toBeUndefined()
})

test('guessed secrets never push a known key out', () => {
  const cache = hearingCache()
  cache.remember('h', known(0), cache.changes)
  for (let i = 0; i < 200_000; i++) cache.remember(`u${i}`, { kind: 'unknown', readAtMs: 0 }, cache.changes)
  expect(cache.find('h', 0)).toBeDefined()
})
