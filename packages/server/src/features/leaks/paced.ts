/** Answers whose time says nothing about the work behind them. */
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Does the work and settles as it did, but only at whole multiples of `stepMs` after the start: what takes less than a
 * step always takes one. Work that sometimes takes longer says no more than how many steps it took.
 */
export async function paced<T>(stepMs: number, work: () => Promise<T>): Promise<T> {
  const startMs = performance.now()
  try {
    return await work()
  } finally {
    const steps = Math.max(1, Math.ceil((performance.now() - startMs) / stepMs))
    const untilMs = startMs + steps * stepMs
    // Again, because timers may fire a little early.
    for (let nowMs = performance.now(); nowMs < untilMs; nowMs = performance.now()) {
      await delay(Math.ceil(untilMs - nowMs))
    }
  }
}
