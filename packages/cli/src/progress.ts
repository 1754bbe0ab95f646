/**
 * One line on a terminal's stderr that says how far a command is; elsewhere nothing. Ctrl+C keeps its meaning, unlike
 * with spinners that read the keyboard: a hook that is interrupted must not end as if all were well.
 */
import type { Output } from './host.ts'

export interface Progress {
  /** Cheap to call often: draws ten times a second at most. */
  show(text: () => string): void
  clear(): void
}

const INTERVAL_MS = 100
const CLEAR_LINE = '\r\u001b[2K'

export function createProgress(stream: Output): Progress {
  if (!stream.isTTY || process.env.TERM === 'dumb') return { show() {}, clear() {} }
  let drawnAtMs = 0
  let isDrawn = false
  return {
    show(text) {
      const nowMs = performance.now()
      if (nowMs - drawnAtMs < INTERVAL_MS) return
      drawnAtMs = nowMs
      isDrawn = true
      stream.write(CLEAR_LINE + text().slice(0, Math.max(0, (stream.columns ?? 80) - 1)))
    },
    clear() {
      if (isDrawn) stream.write(CLEAR_LINE)
      isDrawn = false
    },
  }
}
