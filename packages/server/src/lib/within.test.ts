import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { within } from './within.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('work that is done in time is answered with what it comes to, and leaves no timer behind', async () => {
  expect(await within(Promise.resolve('done'), 1_000, 'late')).toBe('done')
  expect(vi.getTimerCount()).toBe(0)
})

test('work that fails in time fails with its error, and leaves no timer behind', async () => {
  await expect(within(Promise.reject(new Error('no')), 1_000, 'late')).rejects.toThrow('no')
  expect(vi.getTimerCount()).toBe(0)
})

test.each([1_000, 0, -1])('work without end is late after %i ms', async (timeoutMs) => {
  const answer = within(new Promise(() => {}), timeoutMs, 'late')
  await vi.advanceTimersByTimeAsync(Math.max(0, timeoutMs))
  expect(await answer).toBe('late')
})

test('a failure after the time is nobody’s', async () => {
  const work = Promise.withResolvers<void>()
  const answer = within(work.promise, 1_000, 'late')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await answer).toBe('late')
  const unheard: unknown[] = []
  const hear = (error: unknown): void => void unheard.push(error)
  process.on('unhandledRejection', hear)
  work.reject(new Error('no'))
  vi.useRealTimers()
  await delay(1)
  process.off('unhandledRejection', hear)
  expect(unheard).toEqual([])
})
