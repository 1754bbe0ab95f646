/**
 * Reads an environment's events from a place in the log on, and goes on with those that come: every one once, in order.
 * Keeps a bounded number of them: a reader that falls behind is brought up from the log again.
 */
import type { Db } from '../db/client.ts'
import { type EventRow, type Narrowing, readAfter } from './log.ts'
import type { EventTail, TailSubscription } from './tail.ts'

export interface FollowOptions extends Narrowing {
  db: Db
  tail: EventTail
  /** Where to begin: after this sequence. Left out: with what comes from now on. */
  afterSequence?: number | undefined
  /** Events that are read from the log at once. */
  pageSize?: number
  /** So many may wait for the reader; beyond, they are dropped and read from the log when it comes back. */
  maxWaiting?: number
}

const PAGE_SIZE = 100
const MAX_WAITING = 500

export class Follower {
  readonly #options: FollowOptions
  readonly #pageSize: number
  readonly #maxWaiting: number
  readonly #wanted: ReadonlySet<string> | undefined
  #subscription: TailSubscription | undefined
  #position = 0
  /** What the tail has been through. What is announced later may make the log itself look less settled for a moment. */
  #knownSettled = 0
  /** There is something in the log, or was when it was last read, that is not waiting here. */
  #isBehind = false
  #waiting: EventRow[] = []
  /** Set while a reader waits for events. */
  #arrived: (() => void) | undefined

  private constructor(options: FollowOptions) {
    this.#options = options
    this.#pageSize = options.pageSize ?? PAGE_SIZE
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING
    this.#wanted = options.types === undefined ? undefined : new Set(options.types)
  }

  /** Close it: it is kept informed until then. */
  static async start(options: FollowOptions): Promise<Follower> {
    const follower = new Follower(options)
    const { environmentId, afterSequence, tail } = options
    const subscription = await tail.subscribe({ environmentId, onEvents: (rows) => follower.#hear(rows) })
    follower.#subscription = subscription
    follower.#knownSettled = Math.max(follower.#knownSettled, subscription.sequence)
    follower.#position = afterSequence ?? subscription.sequence
    follower.#isBehind = follower.#position < subscription.sequence
    return follower
  }

  /** All up to here was returned, or is none that is wanted: who goes on after it misses nothing. */
  get position(): number {
    return this.#position
  }

  /**
   * The next events, in order; none when there is none that is wanted within `waitMs`, or the signal was aborted. Not
   * to be called again before it has resolved.
   */
  async next(waitMs: number, signal: AbortSignal): Promise<EventRow[]> {
    if (!this.#isBehind && this.#waiting.length === 0) await this.#wait(waitMs, signal)
    if (signal.aborted) return []
    return this.#isBehind ? this.#readLog() : this.#take()
  }

  close(): void {
    this.#subscription?.close()
    this.#waiting = []
    this.#arrived?.()
  }

  async #readLog(): Promise<EventRow[]> {
    // What is handed over from here on waits for its turn; what was before is in the log.
    this.#isBehind = false
    this.#waiting = []
    try {
      const { rows, upTo } = await readAfter(this.#options.db, this.#options, {
        afterSequence: this.#position,
        knownSettled: this.#knownSettled,
        limit: this.#pageSize,
      })
      if (rows.length === this.#pageSize) this.#isBehind = true
      this.#position = upTo
      return rows
    } catch (error) {
      this.#isBehind = true
      throw error
    }
  }

  /** Some of those that wait may have been read from the log already. */
  #take(): EventRow[] {
    const rows = this.#waiting
    this.#waiting = []
    const before = this.#position
    this.#position = Math.max(before, rows.at(-1)?.sequence ?? before)
    return rows.filter((row) => row.sequence > before && this.#isWanted(row))
  }

  #isWanted(row: EventRow): boolean {
    const { conversationId } = this.#options
    return (
      (conversationId === undefined || row.conversation_id === conversationId) &&
      (this.#wanted === undefined || this.#wanted.has(row.type))
    )
  }

  #hear(rows: readonly EventRow[]): void {
    this.#knownSettled = rows.at(-1)?.sequence ?? this.#knownSettled
    // It reads the log again before anything that waits.
    if (this.#isBehind) return
    if (this.#waiting.length + rows.length > this.#maxWaiting) {
      this.#waiting = []
      this.#isBehind = true
    } else this.#waiting.push(...rows)
    this.#arrived?.()
  }

  #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#arrived = undefined
        resolve()
      }
      const timer = setTimeout(done, waitMs).unref()
      signal.addEventListener('abort', done, { once: true })
      this.#arrived = done
    })
  }
}
