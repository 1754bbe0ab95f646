/**
 * Counts the requests that a node accepts with a key while somebody waits for its end: from the click on "revoke",
 * or hearing of it, until the key is dropped. Costs a request nothing while nobody waits.
 */
import type { Id } from '../../../lib/ids.ts'

/** Whoever clicked and died is not waited for longer. */
const MAX_WATCH_MS = 10_000

export class ClickWatch {
  readonly #counts = new Map<string, { keyId: Id<'key'>; count: number; timer: NodeJS.Timeout }>()

  begin(keyId: Id<'key'>, changeId: string): void {
    if (this.#counts.has(changeId)) return
    const timer = setTimeout(() => this.#counts.delete(changeId), MAX_WATCH_MS).unref()
    this.#counts.set(changeId, { keyId, count: 0, timer })
  }

  accepted(keyId: Id<'key'>): void {
    if (this.#counts.size === 0) return
    for (const watched of this.#counts.values()) if (watched.keyId === keyId) watched.count += 1
  }

  /** Ends the watch; how many it saw, 0 for one that never began. */
  end(changeId: string): number {
    const watched = this.#counts.get(changeId)
    if (watched === undefined) return 0
    clearTimeout(watched.timer)
    this.#counts.delete(changeId)
    return watched.count
  }
}
