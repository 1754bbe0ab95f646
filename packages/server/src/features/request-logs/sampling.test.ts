/** Of a key's refusals in a second the first are logged, then one in so many; the next second is a new one, and so is each key. */
import { expect, test } from 'vitest'
import type { NotedRequest } from '../../http/request-log.ts'
import { principal } from '../../testing/principal.ts'
import { REFUSALS_KEPT, RefusalSampler, SAMPLED_OF } from './sampling.ts'

const one = (keyId: string, status = 403) => ({ status, principal: { ...principal, keyId } }) as NotedRequest // all that it looks at

test('samples refusals beyond the rate, by key and second', () => {
  const sampler = new RefusalSampler()
  const taken = (keyId: string, count: number, nowMs: number, status?: number) =>
    Array.from({ length: count }, () => sampler.takes(one(keyId, status), nowMs)).filter(Boolean).length
  expect(taken('key_a', REFUSALS_KEPT + 3 * SAMPLED_OF, 10_000)).toBe(REFUSALS_KEPT + 3)
  expect(taken('key_b', REFUSALS_KEPT, 10_999)).toBe(REFUSALS_KEPT)
  expect(taken('key_a', 1_000, 10_999, 404)).toBe(1_000)
  expect(taken('key_a', REFUSALS_KEPT + 1, 11_000)).toBe(REFUSALS_KEPT)
})
