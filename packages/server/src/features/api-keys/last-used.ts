/** When each key was last used: gathered in memory, written at most once a second, never awaited by a request. */
import type { Id } from '../../lib/ids.ts'

const FLUSH_INTERVAL_MS = 1_000

export interface LastUsedOptions {
  write: (uses: ReadonlyMap<Id<'key'>, number>) => Promise<void>
  onError: (error: unknown) => void
}

export class LastUsedRecorder {
  readonly #options: LastUsedOptions
  #uses = new Map<Id<'key'>, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: LastUsedOptions) {
    this.#options = options
  }

  record = (keyId: Id<'key'>, nowMs: number): void => {
    this.#uses.set(keyId, nowMs)
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS).unref()
  }

  /** Writes what was gathered. What can't be written is dropped: it is worth a second of precision, not a failure. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const uses = this.#uses
    if (uses.size === 0) return
    this.#uses = new Map()
    await this.#options.write(uses).catch(this.#options.onError)
  }
}
