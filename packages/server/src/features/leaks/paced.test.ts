import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { paced } from './paced.ts'

const STEP_MS = 100

async function timed(work: () => Promise<unknown>): Promise<{ tookMs: number; outcome: unknown }> {
  const startMs = performance.now()
  const outcome = await paced(STEP_MS, work).catch((error: unknown) => error)
  return { tookMs: performance.now() - startMs, outcome }
}

test('work ends at a whole multiple of the step, never before, as it would have ended', async () => {
  const failure = new Error('failed')
  const all = await Promise.all([
    timed(async () => 'at once'),
    timed(() => delay(60, 'later')),
    timed(() => Promise.reject(failure)),
    timed(() => delay(130, 'longer than a step')),
  ])
  expect(all.map(({ outcome }) => outcome)).toEqual(['at once', 'later', failure, 'longer than a step'])
  for (const { tookMs } of all.slice(0, 3)) expect(tookMs).toBeGreaterThanOrEqual(STEP_MS)
  expect(all[3]?.tookMs).toBeGreaterThanOrEqual(2 * STEP_MS)
})
