/** One clock for all relative times on a page, so that they change together and cost one timer. */
import { useSyncExternalStore } from 'react'

const STEP_MS = 15_000

let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function tick(): void {
  nowMs = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    nowMs = Date.now()
    timer = setInterval(tick, STEP_MS)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Milliseconds since 1970, renewed every 15 s. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs)
}
