/**
 * How long request logs are kept, and how much room they take: days are made ahead, those that are too old are dropped,
 * and the oldest while all together are too large. The current day stays: when it alone is too large, bodies are left out.
 */
import type { Db } from '../../db/client.ts'
import {
  type Day,
  type DaySize,
  dayOf,
  dropDay,
  firstKept,
  listDays,
  lockDays,
  makeDaysAhead,
} from '../../db/day-partitions.ts'
import { transact } from '../../db/transact.ts'
import type { Clock } from '../../lib/clock.ts'

/** The room is looked at again after so much of it was filled. */
const ROOM_SHARE = 1 / 16

export interface RequestLogRetentionOptions {
  db: Db
  clock: Clock
  /** 0: none are kept. */
  keepDays: number
  maxBytes: number
  /** Whether there is room for bodies. */
  onRoom(hasRoom: boolean): void
  onError(error: unknown): void
  /** The current day alone takes so many bytes, more than all may take; said when it begins. */
  onFull(bytes: number): void
}

export class RequestLogRetention {
  readonly #options: RequestLogRetentionOptions
  #isFull = false
  #bytesSinceRun = 0
  #running: Promise<void> = Promise.resolve()

  constructor(options: RequestLogRetentionOptions) {
    this.#options = options
  }

  /** Makes and drops what is due. Safe on several nodes at once: they follow one another. */
  async run(): Promise<void> {
    this.#bytesSinceRun = 0
    const { db, clock, keepDays } = this.#options
    const nowMs = clock.nowMs()
    const today = dayOf(nowMs)
    const kept = await transact(db, async (tx) => {
      await lockDays(tx, 'request_logs')
      if (keepDays > 0) await makeDaysAhead(tx, 'request_logs', nowMs)
      const days = await listDays(tx, 'request_logs')
      const { dropped, kept: rest } = choose(days, today, this.#options)
      for (const day of dropped) await dropDay(tx, day)
      return rest
    })
    this.#noteRoom(sumOf(kept))
  }

  /** Hears how much was written: much traffic shortens the time to the next run. */
  noteWritten(bytes: number): void {
    this.#bytesSinceRun += bytes
    if (this.#bytesSinceRun < this.#options.maxBytes * ROOM_SHARE) return
    this.#bytesSinceRun = 0
    this.#running = this.#running.then(() => this.run()).catch(this.#options.onError)
  }

  /** Resolves when no run that `noteWritten` began is under way. */
  drain(): Promise<void> {
    return this.#running
  }

  #noteRoom(bytes: number): void {
    const isFull = bytes > this.#options.maxBytes
    if (isFull && !this.#isFull) this.#options.onFull(bytes)
    this.#isFull = isFull
    this.#options.onRoom(!isFull)
  }
}

/** Which days go. `days`: oldest first. Everything younger than `keepDays` days stays, if there is room. */
export function choose(
  days: readonly DaySize[],
  today: Day,
  { keepDays, maxBytes }: { keepDays: number; maxBytes: number },
): { dropped: DaySize[]; kept: DaySize[] } {
  if (keepDays === 0) return { dropped: [...days], kept: [] }
  const oldest = firstKept(Date.parse(today), keepDays)
  const dropped = days.filter(({ day }) => day < oldest)
  const kept = days.filter(({ day }) => day >= oldest)
  let bytes = sumOf(kept)
  while (bytes > maxBytes) {
    const [first] = kept
    if (first === undefined || first.day >= today) break
    kept.shift()
    dropped.push(first)
    bytes -= first.bytes
  }
  return { dropped, kept }
}

function sumOf(days: readonly DaySize[]): number {
  return days.reduce((sum, { bytes }) => sum + bytes, 0)
}
