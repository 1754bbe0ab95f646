/**
 * Follows the log of events for everyone on this node who wants to hear of new ones: one look at the database for all
 * of them, at once after a wake and otherwise four times a second, and none while nobody listens.
 */
import { sql } from 'kysely'
import type { Db } from '../db/client.ts'
import type { Id } from '../lib/ids.ts'
import { type EventRow, settledSequence } from './log.ts'

export interface EventTailOptions {
  db: Db
  /** From the end of one look to the next: how late an event is that nobody woke for. */
  pollMs?: number
  /** Events that are read at once. */
  batchSize?: number
  /** Hears of the first of several looks that fail, and of subscribers that throw. They hear all later. */
  onError: (error: unknown) => void
}

export interface TailSubscriber {
  /** Left out: the events of all environments. */
  environmentId?: Id<'env'>
  /** Called with events in order, at least one, and never again with the same. Must not wait: keep them, and return. */
  onEvents: (rows: readonly EventRow[]) => void
}

export interface TailSubscription {
  /** Every event with a higher sequence is handed over, and none with a lower or the same: where the log is read up to. */
  readonly sequence: number
  close(): void
}

interface Listening {
  readonly subscriber: TailSubscriber
  readonly afterSequence: number
}

const POLL_MS = 250
const BATCH_SIZE = 500
/** Between two looks when commits come faster than this: one look finds them all. */
const SPACING_MS = 5

export class EventTail {
  readonly #options: Required<EventTailOptions>
  readonly #listening = new Set<Listening>()
  /** All up to here was handed over. Means something only while somebody listens. */
  #position = 0
  /** What is being read reaches up to here: who comes meanwhile is told of what comes after it. */
  #readingUpTo = 0
  #running: Promise<void> | undefined
  /** Woken since the last look began. */
  #isWoken = false
  #stopWaiting: (() => void) | undefined
  #isFailing = false
  #isClosed = false

  constructor(options: EventTailOptions) {
    this.#options = { pollMs: POLL_MS, batchSize: BATCH_SIZE, ...options }
  }

  /** Resolves when it listens. What is already there is read from the log, up to the subscription's sequence. */
  async subscribe(subscriber: TailSubscriber): Promise<TailSubscription> {
    const settled = await settledSequence(this.#options.db)
    if (this.#isClosed) throw new Error('the tail of events is closed')
    if (this.#listening.size === 0) this.#position = Math.max(settled, this.#readingUpTo)
    const afterSequence = Math.max(settled, this.#position, this.#readingUpTo)
    const listening: Listening = { subscriber, afterSequence }
    this.#listening.add(listening)
    this.#running ??= this.#run()
    return { sequence: afterSequence, close: () => this.#leave(listening) }
  }

  /** Something was committed: it is looked for at once. Costs nothing, however often it is called. */
  wake(): void {
    this.#isWoken = true
    this.#stopWaiting?.()
  }

  /** Resolves when no look is under way; nobody hears anything any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#listening.clear()
    this.#stopWaiting?.()
    await this.#running
  }

  #leave(listening: Listening): void {
    this.#listening.delete(listening)
    if (this.#listening.size === 0) this.#stopWaiting?.()
  }

  async #run(): Promise<void> {
    while (this.#listening.size > 0) {
      this.#isWoken = false
      let isMore = false
      try {
        isMore = await this.#look()
        this.#isFailing = false
      } catch (error) {
        if (!this.#isFailing) this.#options.onError(error)
        this.#isFailing = true
      }
      if (!isMore) await this.#wait()
    }
    // In the same turn as the last look at who listens: the next one begins anew.
    this.#running = undefined
  }

  /** True when there is more to read now. */
  async #look(): Promise<boolean> {
    const { db, batchSize } = this.#options
    const settled = await settledSequence(db)
    if (settled <= this.#position) return false
    this.#readingUpTo = settled
    const rows = await this.#read(settled)
    this.#position = rows.length < batchSize ? settled : (rows.at(-1)?.sequence ?? settled)
    if (rows.length > 0) this.#handOver(rows)
    return rows.length === batchSize
  }

  /** Who begins to listen from here on hears only of what comes after `settled`: it need not be among these. */
  #read(settled: number): Promise<EventRow[]> {
    const wanted = new Set([...this.#listening].map(({ subscriber }) => subscriber.environmentId))
    return this.#options.db
      .selectFrom('events')
      .selectAll()
      .where('sequence', '>', this.#position)
      .where('sequence', '<=', settled)
      .$if(!wanted.has(undefined), (query) =>
        query.where('environment_id', '=', sql<Id<'env'>>`ANY(${[...wanted]})`),
      )
      .orderBy('sequence')
      .limit(this.#options.batchSize)
      .execute()
  }

  #handOver(rows: readonly EventRow[]): void {
    const byEnvironment = Map.groupBy(rows, (row) => row.environment_id)
    for (const { subscriber, afterSequence } of [...this.#listening]) {
      const { environmentId, onEvents } = subscriber
      const own = environmentId === undefined ? rows : (byEnvironment.get(environmentId) ?? [])
      const unheard =
        (own[0]?.sequence ?? 0) > afterSequence ? own : own.filter((row) => row.sequence > afterSequence)
      if (unheard.length === 0) continue
      try {
        onEvents(unheard)
      } catch (error) {
        this.#options.onError(error)
      }
    }
  }

  /** Until the next look is due, something wakes it, or nobody listens any more. */
  #wait(): Promise<void> {
    if (this.#listening.size === 0) return Promise.resolve()
    const waitMs = this.#isWoken ? SPACING_MS : this.#options.pollMs
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#stopWaiting = undefined
        resolve()
      }
      const timer = setTimeout(done, waitMs).unref()
      if (!this.#isWoken) this.#stopWaiting = done
    })
  }
}
