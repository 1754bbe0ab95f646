/**
 * Requests wait in memory, and are masked and written once a second, in slices that don't keep the event loop. What can't be
 * written is kept for the next time, within bounds; beyond them requests are dropped and counted, first those of whoever has
 * the most of them. A crash loses the last second.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { NotedRequest } from '../../http/request-log.ts'
import type { Redactor } from './redaction.ts'
import { type LogRow, toRow } from './rows.ts'
import { RefusalSampler } from './sampling.ts'

const FLUSH_INTERVAL_MS = 1_000
export const MAX_QUEUED = 50_000
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024
/**
 * An environment may have so many times the room that is free, so that there is always room for another one: alone it gets
 * two thirds, two of them get two fifths each. (Choudhury and Hahne, "Dynamic Queue Length Thresholds for Shared-Memory
 * Packet Switches", 1998.)
 */
const SHARE_OF_FREE = 2
/** A slice ends with whichever comes first. */
const SLICE_MS = 2
const SLICE_ROWS = 500
const SLICE_BYTES = 1024 * 1024
/** Rows that PostgreSQL refuses for what they hold: a class of SQLSTATE. */
const REFUSED = /^2[23]/
const NO_PARTITION = '23514'
const DAY_LENGTH = 'YYYY-MM-DD'.length

export interface RequestLogRecorderOptions {
  redactor: Redactor
  /** All rows, or none. */
  write(rows: readonly LogRow[]): Promise<void>
  /** Makes room for a UTC day, `YYYY-MM-DD`. */
  makeDay(day: string): Promise<void>
  /** About so many bytes were written. */
  onWritten?(bytes: number): void
  /** Can't be written now; kept for the next time. */
  onError(error: unknown): void
  /** So many requests are in no log, since the last time that this was said. */
  onDropped(count: number, reason: unknown): void
}

export interface RecorderCounts {
  /** In memory now. */
  queued: number
  /** Since the start. */
  written: number
  dropped: number
}

interface Slice {
  rows: LogRow[]
  bytes: number
  /** Of the batch, where the next slice begins. */
  end: number
}

export class RequestLogRecorder {
  readonly #options: RequestLogRecorderOptions
  #queue: NotedRequest[] = []
  #queuedBytes = 0
  /** Those that a flush has taken are still in memory. */
  #taken = 0
  /** Of the queue and of what was taken, by environment. */
  readonly #held = new Map<string, { count: number; bytes: number }>()
  readonly #sampler = new RefusalSampler()
  #written = 0
  #dropped = 0
  #droppedSinceSaid = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  /** False: there is no room for bodies, and rows hold their sizes alone. */
  keepsBodies = true

  constructor(options: RequestLogRecorderOptions) {
    this.#options = options
  }

  get counts(): RecorderCounts {
    return { queued: this.#queue.length + this.#taken, written: this.#written, dropped: this.#dropped }
  }

  add(noted: NotedRequest): void {
    if (this.#sampler.takes(noted) && this.#hold(noted)) this.#queue.push(noted)
    else {
      this.#dropped += 1
      this.#droppedSinceSaid += 1
    }
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS).unref()
  }

  /** False: there is no room for it, or none for more of its environment. */
  #hold({ heldBytes, principal: { environmentId } }: NotedRequest): boolean {
    const freeCount = MAX_QUEUED - this.#queue.length - this.#taken
    const freeBytes = MAX_QUEUED_BYTES - this.#queuedBytes
    const held = this.#held.get(environmentId) ?? { count: 0, bytes: 0 }
    const isTooMuch =
      held.count >= SHARE_OF_FREE * freeCount || held.bytes + heldBytes > SHARE_OF_FREE * freeBytes
    if (isTooMuch || freeCount < 1 || heldBytes > freeBytes) return false
    held.count += 1
    held.bytes += heldBytes
    this.#held.set(environmentId, held)
    this.#queuedBytes += heldBytes
    return true
  }

  /** Resolves when all that was noted before the call is written, or kept because it can't be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    if (this.#droppedSinceSaid > 0) {
      this.#options.onDropped(this.#droppedSinceSaid, 'too many at once')
      this.#droppedSinceSaid = 0
    }
    const batch = this.#queue
    this.#queue = []
    this.#taken = batch.length
    let done = 0
    try {
      while (done < batch.length) {
        const slice = this.#slice(batch, done)
        await this.#insert(slice.rows)
        this.#options.onWritten?.(slice.bytes)
        for (const noted of batch.slice(done, slice.end)) this.#forget(noted)
        done = slice.end
        // Requests that came meanwhile have their turn.
        await nextTurn()
      }
    } catch (error) {
      this.#options.onError(error)
      this.#queue = [...batch.slice(done), ...this.#queue]
      this.#taken = 0
      this.#timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS).unref()
    }
  }

  #forget({ heldBytes, principal: { environmentId } }: NotedRequest): void {
    this.#taken -= 1
    this.#queuedBytes -= heldBytes
    const held = this.#held.get(environmentId)
    if (held === undefined) return
    held.count -= 1
    held.bytes -= heldBytes
    if (held.count === 0) this.#held.delete(environmentId)
  }

  /** As many as can be made ready in a few milliseconds, at least one. */
  #slice(batch: readonly NotedRequest[], from: number): Slice {
    const startMs = performance.now()
    const slice: Slice = { rows: [], bytes: 0, end: from }
    for (const noted of batch.slice(from, from + SLICE_ROWS)) {
      slice.end += 1
      slice.bytes += noted.heldBytes
      try {
        slice.rows.push(toRow(noted, this.#options.redactor, this.keepsBodies))
      } catch (error) {
        this.#drop(error)
      }
      if (slice.bytes >= SLICE_BYTES || performance.now() - startMs >= SLICE_MS) break
    }
    return slice
  }

  #drop(error: unknown): void {
    this.#dropped += 1
    this.#options.onDropped(1, error)
  }

  /** Writes a slice. What PostgreSQL refuses is looked for by halves, so that it keeps nothing else from being written. */
  async #insert(rows: readonly LogRow[], hasDays = false): Promise<void> {
    if (rows.length === 0) return
    try {
      await this.#options.write(rows)
      this.#written += rows.length
    } catch (error) {
      const code = sqlState(error)
      if (!REFUSED.test(code)) throw error
      if (code === NO_PARTITION && !hasDays) {
        const days = new Set(rows.map((row) => row.created_at.slice(0, DAY_LENGTH)))
        for (const day of days) await this.#options.makeDay(day)
        return this.#insert(rows, true)
      }
      if (rows.length === 1) return this.#drop(error)
      const middle = rows.length >> 1
      await this.#insert(rows.slice(0, middle), hasDays)
      await this.#insert(rows.slice(middle), hasDays)
    }
  }
}

function sqlState(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '') // any thrown object can be asked for it
}
