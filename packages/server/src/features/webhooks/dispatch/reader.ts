/**
 * Reads what is to be sent to one webhook, in turns: first what was asked for through the API, then what waits from
 * before, then the log from where its owner stands.
 */
import type { EventRow } from '../../../events/log.ts'
import type { Id } from '../../../lib/ids.ts'
import type { DeliveryRow, NewAttempt } from './store.ts'

const PENDING_PAGE = 1_000

export interface Page {
  readonly rows: readonly EventRow[]
  /** Everything up to here was read. */
  readonly readTo: number
}

/** Where it reads. */
export interface Sources {
  readEvents(environmentId: Id<'env'>, afterSequence: number, limit: number): Promise<Page>
  listPending(webhookId: Id<'we'>, afterSequence: number, limit: number): Promise<DeliveryRow[]>
  /** What the owner before recorded beyond the position. */
  listRecorded(webhookId: Id<'we'>, afterSequence: number): Promise<number[]>
  takeRequested(webhookId: Id<'we'>, epoch: number): Promise<DeliveryRow[]>
}

/** What it reads for, and who takes what was read. */
export interface Reading {
  readonly webhookId: Id<'we'>
  readonly environmentId: Id<'env'>
  readonly epoch: number
  /** The last event of the log that was taken. */
  readTo(): number
  takeEvents(page: Page): void
  takeRow(row: DeliveryRow, cause: NewAttempt['cause']): void
}

export class Reader {
  readonly #sources: Sources
  readonly #reading: Reading
  #pendingReadTo = -1
  #hasAllPending = false
  /** Asked for while what is pending is still being read. */
  readonly #requested = new Map<number, NewAttempt['cause']>()
  #recorded: Set<number> | undefined
  #mayHaveMore = true
  #hasRequests = false

  constructor(sources: Sources, reading: Reading) {
    this.#sources = sources
    this.#reading = reading
  }

  /** Something comes before the log. */
  get isBehindLog(): boolean {
    return this.#hasRequests || !this.#hasAllPending
  }

  get mayHaveMore(): boolean {
    return this.#mayHaveMore
  }

  /** All there was is read: what comes next in the log may be handed over instead. */
  get isAtEnd(): boolean {
    return this.#hasAllPending && !this.#mayHaveMore
  }

  /** There may be new events. */
  wake(): void {
    this.#mayHaveMore = true
  }

  /** Something was asked for through the API. */
  request(): void {
    this.#hasRequests = true
  }

  /** Recorded beyond the position by the owner before: not to be sent again. */
  isRecorded(sequence: number): boolean {
    return this.#recorded?.has(sequence) === true
  }

  /** The next of its turns; of the log, `limit` events at most. When it fails, the turn is still to come. */
  async read(limit: number): Promise<void> {
    if (this.#hasRequests) await this.#readRequests()
    else if (!this.#hasAllPending) await this.#readPending()
    else await this.readEvents(limit)
  }

  async readEvents(limit: number): Promise<void> {
    const { environmentId, readTo, takeEvents } = this.#reading
    this.#mayHaveMore = false
    const page = await this.#sources.readEvents(environmentId, readTo(), limit).catch((error: unknown) => {
      this.#mayHaveMore = true
      throw error
    })
    takeEvents(page)
    if (page.rows.length === limit) this.#mayHaveMore = true
  }

  /** What waits the longest, if anything does. */
  async findOldestPending(): Promise<DeliveryRow | undefined> {
    const [row] = await this.#sources.listPending(this.#reading.webhookId, -1, 1)
    return row
  }

  async #readPending(): Promise<void> {
    const { webhookId, readTo, takeRow } = this.#reading
    this.#recorded ??= new Set(await this.#sources.listRecorded(webhookId, readTo()))
    const rows = await this.#sources.listPending(webhookId, this.#pendingReadTo, PENDING_PAGE)
    for (const row of rows) takeRow(row, this.#requested.get(row.sequence) ?? 'retry')
    this.#pendingReadTo = rows.at(-1)?.sequence ?? this.#pendingReadTo
    this.#hasAllPending = rows.length < PENDING_PAGE
    if (this.#hasAllPending) this.#requested.clear()
  }

  async #readRequests(): Promise<void> {
    const { webhookId, epoch, takeRow } = this.#reading
    this.#hasRequests = false
    const rows = await this.#sources.takeRequested(webhookId, epoch).catch((error: unknown) => {
      this.#hasRequests = true
      throw error
    })
    for (const row of rows) {
      const cause = row.recovery_id === null ? 'redelivery' : 'recovery'
      // It is pending now, and comes with what else is: each row once, or it would be sent again after it was.
      if (!this.#hasAllPending && row.sequence > this.#pendingReadTo) this.#requested.set(row.sequence, cause)
      else takeRow(row, cause)
    }
  }
}
