import { expect, test } from 'vitest'
import { principal } from '../../../testing/principal.ts'
import { type Credential, PrincipalCache } from './principal-cache.ts'

const known = (readAtMs: number): Credential => ({ kind: 'known', principal, readAtMs })

function hearingCache(): PrincipalCache {
  const cache = new PrincipalCache()
  cache.heard(0)
  return cache
}

test('an entry is kept as long as changes are proven to be heard', () => {
  const cache = hearingCache()
  expect(cache.remember('h', known(0), cache.changes)).toBe(true)
  for (let nowMs = 0; nowMs < 1e6; nowMs += 500) {
    cache.heard(nowMs)
    expect(cache.find('h', nowMs + 499)).toBeDefined()
  }
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

test('a lookup is remembered though other keys changed meanwhile: who changes one without pause keeps nobody out', () => {
  const cache = hearingCache()
  const changes = cache.changes
  for (let i = 0; i < 900; i++) cache.forget('key_2')
  expect(cache.remember('h', known(0), changes)).toBe(true)
  expect(cache.remember('u', { kind: 'unknown', readAtMs: 0 }, changes)).toBe(true)
})

test('of more changed keys than are told apart any one may have changed', () => {
  const cache = hearingCache()
  const changes = cache.changes
  cache.forget('key_1')
  for (let i = 0; i < 5_000; i++) cache.forget(`key_other${i}`)
  expect(cache.remember('h', known(0), changes)).toBe(false)
  expect(cache.remember('h', known(0), cache.changes)).toBe(true)
})

test('when nothing proves for two seconds that changes are heard, an entry lives one second', () => {
  const cache = hearingCache()
  cache.remember('old', known(0), cache.changes)
  expect(cache.find('old', 2_000)).toBeDefined()
  expect(cache.find('old', 2_001)).toBeUndefined()
  cache.remember('fresh', known(5_000), cache.changes)
  expect(cache.find('fresh', 5_999)).toBeDefined()
  expect(cache.find('fresh', 6_000)).toBeUndefined()
})

test('after a gap nothing that was remembered is trusted', () => {
  const cache = hearingCache()
  cache.remember('h', known(0), cache.changes)
  cache.forgetAll()
  cache.heard(10)
  expect(cache.find('h', 10)).toBeUndefined()
})

test('unknown secrets are remembered for a minute, and ten thousand of them at most', () => {
  const cache = hearingCache()
  for (let i = 0; i < 12_000; i++) cache.remember(`u${i}`, { kind: 'unknown', readAtMs: 0 }, cache.changes)
  expect(cache.find('u0', 0)).toBeUndefined()
  cache.heard(60_000)
  expect(cache.find('u11999', 59_999)).toBeDefined()
  expect(cache.find('u11999', 60_000)).toBeUndefined()
})

test('guessed secrets never push a known key out', () => {
  const cache = hearingCache()
  cache.remember('h', known(0), cache.changes)
  for (let i = 0; i < 200_000; i++) cache.remember(`u${i}`, { kind: 'unknown', readAtMs: 0 }, cache.changes)
  expect(cache.find('h', 0)).toBeDefined()
})
