/**
 * How long deliveries and their attempts are kept, and how much room they take together. While it is too much, the oldest
 * days of attempts go, which hold what receivers answered, then those of deliveries that nothing tries any more. The
 * current day stays: when there is no room even so, answers are left out.
 */
import type { Db } from '../../db/client.ts'
import {
  type Day,
  type DaySize,
  dayOf,
  dropDay,
  listDays,
  lockDays,
  turnDays,
} from '../../db/day-partitions.ts'
import { transact } from '../../db/transact.ts'
import type { Clock } from '../../lib/clock.ts'

/** In the order in which days go. */
const TABLES = ['delivery_attempts', 'deliveries'] as const
const KEPT_DAYS = 30
/** Deliveries so young may still be tried again: the longest schedule takes four days. */
const RETRIED_DAYS = 5
const DAY_MS = 86_400_000
/** The room is looked at again after so much of it was filled. */
const ROOM_SHARE = 1 / 16

export interface DeliveryRetentionOptions {
  db: Db
  clock: Clock
  /** Of both tables, with their indexes. */
  maxBytes: number
  onError(error: unknown): void
  /** What can't be dropped takes so many bytes, more than all may take; said when it begins. */
  onFull(bytes: number): void
}

export class DeliveryRetention {
  readonly #options: DeliveryRetentionOptions
  #hasRoom = true
  #bytesSinceRun = 0
  #running: Promise<void> = Promise.resolve()

  constructor(options: DeliveryRetentionOptions) {
    this.#options = options
  }

  /** For what receivers answer. */
  get hasRoom(): boolean {
    return this.#hasRoom
  }

  /** Makes the days to come, and drops those that are no longer kept. Safe on several nodes at once. */
  async run(): Promise<void> {
    this.#bytesSinceRun = 0
    const { db, clock, maxBytes, onFull } = this.#options
    const nowMs = clock.nowMs()
    for (const table of TABLES) await transact(db, (tx) => turnDays(tx, table, nowMs, KEPT_DAYS))
    let bytes = 0
    // One table after the other: a transaction that has both locked could wait for one that writes to both.
    for (const table of TABLES) {
      bytes = await transact(db, async (tx) => {
        await lockDays(tx, table)
        const attempts = await listDays(tx, 'delivery_attempts')
        const deliveries = await listDays(tx, 'deliveries')
        const { dropped, keptBytes } = choose({ attempts, deliveries }, nowMs, maxBytes)
        const own = table === 'deliveries' ? deliveries : attempts
        for (const day of dropped) if (own.includes(day)) await dropDay(tx, day)
        return keptBytes
      })
    }
    const hasRoom = bytes <= maxBytes
    if (!hasRoom && this.#hasRoom) onFull(bytes)
    this.#hasRoom = hasRoom
  }

  /** Hears how much was written: many answers shorten the time to the next run. */
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
}

/** Which days go for lack of room, and how much is left then. Days come oldest first. */
export function choose(
  { attempts, deliveries }: Record<'attempts' | 'deliveries', readonly DaySize[]>,
  nowMs: number,
  maxBytes: number,
): { dropped: DaySize[]; keptBytes: number } {
  const before = (days: readonly DaySize[], end: Day): DaySize[] => days.filter(({ day }) => day < end)
  const candidates = [
    ...before(attempts, dayOf(nowMs)),
    ...before(deliveries, dayOf(nowMs - RETRIED_DAYS * DAY_MS)),
  ]
  let keptBytes = [...attempts, ...deliveries].reduce((sum, { bytes }) => sum + bytes, 0)
  const dropped: DaySize[] = []
  for (const day of candidates) {
    if (keptBytes <= maxBytes) break
    dropped.push(day)
    keptBytes -= day.bytes
  }
  return { dropped, keptBytes }
}
