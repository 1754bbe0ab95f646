/**
 * Delivers one webhook's events while this server owns it: reads the log from the webhook's position on, sends what the
 * webhook is told of, in order within each lane, and says what came of it. What was read and not yet recorded is read again by
 * the next owner, so nothing is lost by the death of this one.
 */

import type { DisabledReason } from '../../../db/tables/webhooks.ts'
import type { EventRow } from '../../../events/log.ts'
import type { Clock } from '../../../lib/clock.ts'
import { derivedId, type Id } from '../../../lib/ids.ts'
import { Lanes } from './lanes.ts'
import { MAX_IN_FLIGHT, Pacing } from './pacing.ts'
import type { DeliveryRecorder, Recorded } from './recorder.ts'
import { type RetrySchedule, retryAfterMs, retryDelayMs } from './retries.ts'
import type { ConsumerRow, ConsumerState, DeliveryRow, DeliveryState, NewAttempt } from './store.ts'

/** From the first event that isn't recorded to the last that was read, at most. */
const MAX_READ_AHEAD = 10_000
/** Events that wait to be attempted, at most, while the log can give more. */
const MAX_READY = 2_000
const PAGE = 200
/** What may wait in memory; beyond it, nothing more is read until some of it is over. */
const MAX_WAITING = 50_000
const PENDING_PAGE = 1_000
/** Events that a webhook isn't told of are read again by the next owner; so many at most, and a page. */
const MAX_UNNOTED = 1_000
/** How long all attempts must have failed before a webhook is disabled. */
const DISABLED_AFTER_MS = 5 * 86_400_000
/** A receiver that keeps telling to come back later is believed for so long. */
const PATIENCE_MS = 4 * 86_400_000
const PROBE_INTERVAL_MS = 3_600_000
/** What is known to be owned at one instant may be another server's after so long: nothing is sent before it is confirmed. */
const TRUSTED_MS = 3_000
const READ_RETRY_MS = 500
const LONGEST_TIMER_MS = 60_000
const SHORTEST_TIMER_MS = 10
const SHORTEST_WAIT_MS = 1_000

/** What is known of the webhook. */
export interface Target {
  readonly id: Id<'we'>
  readonly environmentId: Id<'env'>
  readonly environment: 'test' | 'live'
  readonly url: string
  readonly maxPerSecond: number | null
  readonly isDisabled: boolean
  /** Whether it is told of this event. */
  wants(event: EventRow): boolean
}

/** How an attempt ended. */
export interface Sent {
  /** Null: there was no answer. */
  readonly status: number | null
  readonly error: string | null
  readonly retryAfter: string | undefined
  readonly record: Pick<
    NewAttempt,
    'duration_ms' | 'address' | 'response_headers' | 'response_body' | 'is_response_cut'
  >
}

export interface Page {
  readonly rows: readonly EventRow[]
  /** Everything up to here was read. */
  readonly readTo: number
}

export interface ConsumerOptions {
  target: Target
  owned: ConsumerRow
  /** When it was asked for, by `performance.now()`: it was owned then, or later. */
  ownedAtMs: number
  clock: Clock
  schedule: RetrySchedule
  recorder: DeliveryRecorder
  send(
    event: EventRow,
    attempt: { deliveryId: Id<'dlv'>; number: number; signal: AbortSignal },
  ): Promise<Sent>
  readEvents(environmentId: Id<'env'>, afterSequence: number, limit: number): Promise<Page>
  findEvent(environmentId: Id<'env'>, id: Id<'evt'>): Promise<EventRow | undefined>
  listPending(webhookId: Id<'we'>, afterSequence: number, limit: number): Promise<DeliveryRow[]>
  /** What the owner before recorded beyond the position. */
  listRecorded(webhookId: Id<'we'>, afterSequence: number): Promise<number[]>
  takeRequested(webhookId: Id<'we'>, epoch: number): Promise<DeliveryRow[]>
  noteProbe(webhookId: Id<'we'>, epoch: number): Promise<void>
  /** It must not be sent to any more. Resolves when that is durable. */
  disable(reason: DisabledReason, failingSince: Date): Promise<void>
  /** A disabled one answered well. */
  recover(failingSince: Date | null): Promise<void>
  onLost(consumer: Consumer): void
  onError(error: unknown): void
  random?: () => number
}

interface Item {
  readonly sequence: number
  readonly lane: string | null
  readonly eventId: Id<'evt'>
  readonly eventType: string
  readonly deliveryId: Id<'dlv'>
  readonly createdAt: Date
  event: EventRow | undefined
  attempts: number
  roundAttempts: number
  cause: NewAttempt['cause']
  recoveryId: Id<'rec'> | null
  lastStatus: number | null
  lastError: string | null
  /** Read from the log beyond the position, and not recorded yet. */
  isUnrecorded: boolean
  /** Counted as ready. */
  isReady: boolean
}

export function deliveryIdOf(webhookId: Id<'we'>, event: { id: Id<'evt'>; created_at: Date }): Id<'dlv'> {
  return derivedId('dlv', event.created_at.getTime(), webhookId, event.id)
}

export class Consumer implements Recorded {
  readonly #options: ConsumerOptions
  readonly #lanes = new Lanes<Item>()
  readonly #pacing = new Pacing()
  readonly #stopping = new AbortController()
  readonly #inFlight = new Set<Promise<void>>()
  /** In the order they were read; the first is never recorded. */
  #unrecorded: Item[] = []
  #unrecordedFrom = 0
  #readTo: number
  /** The position that is written, or about to be. */
  #notedTo: number
  #pendingReadTo = -1
  #hasAllPending = false
  /** Asked for while what is pending is still being read. */
  readonly #requested = new Map<number, NewAttempt['cause']>()
  /** Recorded beyond the position by the owner before: not to be sent again. */
  #recorded: Set<number> | undefined
  /** Read, and not attempted yet. */
  #ready = 0
  #isReading = false
  #mayHaveMore = true
  #hasRequests = false
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  #trustedUntilMs: number
  #failingSince: Date | null
  #lastSuccessAt: Date | null
  #lastFailureAt: Date | null
  #probedMs: number
  /** That it is to be disabled, or has recovered, is being written: nothing is sent meanwhile. */
  #isChanging = false

  constructor(options: ConsumerOptions) {
    this.#options = options
    const { owned, target } = options
    this.#trustedUntilMs = options.ownedAtMs + TRUSTED_MS
    this.#readTo = owned.position
    this.#notedTo = owned.position
    this.#failingSince = owned.failing_since
    this.#lastSuccessAt = owned.last_success_at
    this.#lastFailureAt = owned.last_failure_at
    this.#probedMs = owned.probed_at?.getTime() ?? Number.NEGATIVE_INFINITY
    this.#pacing.setRate(target.maxPerSecond)
  }

  get webhookId(): Id<'we'> {
    return this.#options.target.id
  }

  get epoch(): number {
    return this.#options.owned.epoch
  }

  get environmentId(): Id<'env'> {
    return this.#options.target.environmentId
  }

  start(): void {
    this.#advance()
  }

  /** It is owned still, as of `askedAtMs` (by `performance.now()`): a server that stood still meanwhile goes on now. */
  confirm(askedAtMs: number): void {
    const wasTrusted = this.#isTrusted()
    this.#trustedUntilMs = askedAtMs + TRUSTED_MS
    if (!wasTrusted) this.#advance()
  }

  /** There may be new events. */
  wake(): void {
    this.#mayHaveMore = true
    this.#advance()
  }

  /** New events of its environment, and that none is missing between `from` (exclusive) and `to` (inclusive). */
  offer(rows: readonly EventRow[], from: number, to: number): void {
    const isNext = this.#hasAllPending && !this.#isReading && !this.#mayHaveMore && this.#readTo >= from
    if (!isNext || !this.#mayRead()) {
      this.wake()
      return
    }
    if (to <= this.#readTo) return
    for (const row of rows) if (row.sequence > this.#readTo) this.#addEvent(row)
    this.#readTo = to
    this.#noteProgress()
    this.#advance()
  }

  /** Something was asked for through the API. */
  takeRequests(): void {
    this.#hasRequests = true
    this.#advance()
  }

  /** Sends nothing more. Resolves when what is under way is over, or was cut off after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    const cut = setTimeout(() => this.#stopping.abort(), graceMs)
    await Promise.all(this.#inFlight)
    clearTimeout(cut)
  }

  stateWith(sequences: readonly number[]): ConsumerState {
    const recorded = new Set(sequences)
    for (let at = this.#unrecordedFrom; at < this.#unrecorded.length; at++) {
      const item = this.#unrecorded[at]
      if (item !== undefined && recorded.has(item.sequence)) item.isUnrecorded = false
    }
    while (this.#unrecorded[this.#unrecordedFrom]?.isUnrecorded === false) this.#unrecordedFrom += 1
    if (this.#unrecordedFrom > PAGE) {
      this.#unrecorded = this.#unrecorded.slice(this.#unrecordedFrom)
      this.#unrecordedFrom = 0
    }
    const first = this.#unrecorded[this.#unrecordedFrom]
    this.#notedTo = first === undefined ? this.#readTo : first.sequence - 1
    return {
      webhook_id: this.webhookId,
      epoch: this.epoch,
      position: this.#notedTo,
      failing_since: this.#failingSince,
      last_success_at: this.#lastSuccessAt,
      last_failure_at: this.#lastFailureAt,
    }
  }

  written(): void {
    this.#advance()
  }

  lost(): void {
    if (this.#isStopped) return
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#stopping.abort()
    this.#options.onLost(this)
  }

  /** Does all that can be done now, and sees to it that it is called again when more can be. */
  #advance(): void {
    if (this.#isStopped || this.#isChanging || !this.#isTrusted()) return
    if (this.#options.target.isDisabled) {
      this.#probeInTime()
      return
    }
    this.#send()
    if (!this.#isReading && this.#wantsToRead()) void this.#read()
    this.#sleep()
  }

  #isTrusted(): boolean {
    return performance.now() < this.#trustedUntilMs
  }

  #send(): void {
    const { clock, recorder } = this.#options
    while (
      !this.#isStopped &&
      !this.#isChanging &&
      this.#isTrusted() &&
      recorder.hasRoom &&
      this.#pacing.allows(clock.nowMs(), this.#inFlight.size)
    ) {
      const item = this.#lanes.take(clock.nowMs())
      if (item === undefined) return
      this.#pacing.sent(clock.nowMs())
      this.#begin(item)
    }
  }

  #begin(item: Item): void {
    const attempt = this.#attempt(item)
      .catch((error: unknown) => {
        // The log can't be read: it is tried again, and counts as no attempt.
        this.#options.onError(error)
        this.#lanes.park(item, this.#options.clock.nowMs() + READ_RETRY_MS)
      })
      .finally(() => {
        this.#inFlight.delete(attempt)
        this.#advance()
      })
    this.#inFlight.add(attempt)
  }

  #sleep(): void {
    clearTimeout(this.#timer)
    const { clock } = this.#options
    const nowMs = clock.nowMs()
    const dueMs = Math.max(this.#lanes.nextDueMs(), this.#pacing.nextAtMs)
    if (!Number.isFinite(dueMs) || this.#inFlight.size >= MAX_IN_FLIGHT) return
    const waitMs = Math.min(LONGEST_TIMER_MS, Math.max(SHORTEST_TIMER_MS, dueMs - nowMs))
    if (dueMs <= nowMs && this.#inFlight.size > 0) return
    this.#timer = setTimeout(() => this.#advance(), waitMs).unref()
  }

  #wantsToRead(): boolean {
    return this.#hasRequests || !this.#hasAllPending
      ? this.#lanes.size < MAX_WAITING
      : this.#mayHaveMore && this.#mayRead()
  }

  /** A receiver that is down isn't read for: what waits for it stays in the log. */
  #mayRead(): boolean {
    const readAhead = this.#unrecorded.length - this.#unrecordedFrom
    const mayHaveNone = this.#lanes.nextDueMs() > this.#options.clock.nowMs()
    if (this.#pacing.isDown && !mayHaveNone) return false
    const most = this.#pacing.isDown ? 1 : MAX_READ_AHEAD
    return readAhead < most && this.#ready < MAX_READY && this.#lanes.size < MAX_WAITING
  }

  async #read(): Promise<void> {
    this.#isReading = true
    try {
      while (!this.#isStopped && this.#wantsToRead()) {
        if (this.#hasRequests) await this.#readRequests()
        else if (!this.#hasAllPending) await this.#readPending()
        else await this.#readEvents()
        this.#send()
      }
    } catch (error) {
      this.#options.onError(error)
      this.#timer = setTimeout(() => this.#advance(), READ_RETRY_MS).unref()
      return
    } finally {
      this.#isReading = false
    }
    this.#advance()
  }

  async #readEvents(): Promise<void> {
    const { readEvents, target } = this.#options
    this.#mayHaveMore = false
    const limit = this.#pacing.isDown ? 1 : PAGE
    const { rows, readTo } = await readEvents(target.environmentId, this.#readTo, limit).catch(
      (error: unknown) => {
        this.#mayHaveMore = true
        throw error
      },
    )
    if (this.#isStopped) return
    for (const row of rows) this.#addEvent(row)
    if (readTo > this.#readTo) this.#readTo = readTo
    if (rows.length === limit) this.#mayHaveMore = true
    this.#noteProgress()
  }

  /** Nothing of it is this webhook's: that it was read is written all the same, so that it isn't read again. */
  #noteProgress(): void {
    const isAllRecorded = this.#unrecordedFrom === this.#unrecorded.length
    if (isAllRecorded && this.#readTo - this.#notedTo >= MAX_UNNOTED) this.#options.recorder.note(this)
  }

  #addEvent(event: EventRow): void {
    const { target } = this.#options
    // What waits is in its lane already, and what is over stays over.
    if (!target.wants(event) || this.#recorded?.has(event.sequence) === true) return
    const item: Item = {
      sequence: event.sequence,
      lane: event.conversation_id,
      eventId: event.id,
      eventType: event.type,
      deliveryId: deliveryIdOf(target.id, event),
      createdAt: event.created_at,
      event,
      attempts: 0,
      roundAttempts: 0,
      cause: 'event',
      recoveryId: null,
      lastStatus: null,
      lastError: null,
      isUnrecorded: true,
      isReady: false,
    }
    this.#unrecorded.push(item)
    item.isReady = !this.#lanes.add(item)
    if (item.isReady) this.#ready += 1
    else this.#recordWaiting(item)
  }

  async #readPending(): Promise<void> {
    const { listPending, listRecorded, target } = this.#options
    this.#recorded ??= new Set(await listRecorded(target.id, this.#readTo))
    const rows = await listPending(target.id, this.#pendingReadTo, PENDING_PAGE)
    for (const row of rows) this.#addRow(row, this.#requested.get(row.sequence) ?? 'retry')
    this.#pendingReadTo = rows.at(-1)?.sequence ?? this.#pendingReadTo
    this.#hasAllPending = rows.length < PENDING_PAGE
    if (this.#hasAllPending) this.#requested.clear()
  }

  async #readRequests(): Promise<void> {
    this.#hasRequests = false
    const { takeRequested, target } = this.#options
    const rows = await takeRequested(target.id, this.epoch).catch((error: unknown) => {
      this.#hasRequests = true
      throw error
    })
    for (const row of rows) {
      const cause = row.recovery_id === null ? 'redelivery' : 'recovery'
      // It is pending now, and comes with what else is: each row once, or it would be sent again after it was.
      if (!this.#hasAllPending && row.sequence > this.#pendingReadTo) this.#requested.set(row.sequence, cause)
      else this.#addRow(row, cause)
    }
  }

  #addRow(row: DeliveryRow, cause: NewAttempt['cause']): void {
    const known = this.#lanes.find(row.sequence)
    if (known !== undefined) {
      known.cause = cause
      known.recoveryId = row.recovery_id
      known.roundAttempts = row.round_attempts
      this.#lanes.hurry(known)
      return
    }
    const item: Item = {
      sequence: row.sequence,
      lane: row.lane,
      eventId: row.event_id,
      eventType: row.event_type,
      deliveryId: row.id,
      createdAt: row.created_at,
      event: undefined,
      attempts: row.attempts,
      roundAttempts: row.round_attempts,
      cause: row.attempts === 0 ? 'event' : cause,
      recoveryId: row.recovery_id,
      lastStatus: row.last_status,
      lastError: row.last_error,
      isUnrecorded: false,
      isReady: false,
    }
    this.#lanes.add(item, row.due_at?.getTime() ?? 0)
  }

  async #attempt(item: Item): Promise<void> {
    const { target, clock, send, findEvent } = this.#options
    item.event ??= await findEvent(target.environmentId, item.eventId)
    if (item.event === undefined) return this.#giveUp(item, 'the event is not kept any more')
    const startedAt = new Date(clock.nowMs())
    const number = item.attempts + 1
    const sent = await send(item.event, {
      deliveryId: item.deliveryId,
      number,
      signal: this.#stopping.signal,
    })
    if (this.#stopping.signal.aborted) return
    this.#noLongerReady(item)
    item.attempts = number
    item.roundAttempts += 1
    item.lastStatus = sent.status
    item.lastError = sent.error
    const attempt: NewAttempt = {
      environment_id: target.environmentId,
      webhook_id: target.id,
      delivery_id: item.deliveryId,
      number,
      cause: target.isDisabled ? 'probe' : item.cause,
      url: target.url,
      started_at: startedAt,
      status: sent.status,
      error: sent.error,
      ...sent.record,
    }
    if (item.cause === 'event') item.cause = 'retry'
    if (sent.status !== null && sent.status >= 200 && sent.status < 300)
      this.#succeed(item, attempt, startedAt)
    else await this.#fail(item, attempt, sent, startedAt)
  }

  #succeed(item: Item, attempt: NewAttempt, startedAt: Date): void {
    const wasFailingSince = this.#failingSince
    this.#pacing.succeeded()
    this.#failingSince = null
    this.#lastSuccessAt = startedAt
    this.#end(item, 'succeeded', attempt, startedAt)
    if (this.#options.target.isDisabled) this.#change(() => this.#options.recover(wasFailingSince))
  }

  async #fail(item: Item, attempt: NewAttempt, sent: Sent, startedAt: Date): Promise<void> {
    const { clock, schedule, target, random = Math.random } = this.#options
    const nowMs = clock.nowMs()
    this.#pacing.failed(nowMs)
    this.#failingSince ??= startedAt
    this.#lastFailureAt = startedAt
    const asked =
      sent.status === 429 || sent.status === 503 ? retryAfterMs(sent.retryAfter, nowMs) : undefined
    // "At once" is no time to come back at.
    const toldMs = asked === undefined ? undefined : Math.max(SHORTEST_WAIT_MS, asked)
    if (toldMs !== undefined) this.#pacing.pause(nowMs + toldMs)
    const isPatient = toldMs !== undefined && nowMs - item.createdAt.getTime() < PATIENCE_MS
    // Who says when to come back is no failing receiver: it costs none of the retries.
    if (isPatient) item.roundAttempts -= 1
    const delayMs = isPatient ? toldMs : retryDelayMs(schedule, item.roundAttempts, random())
    const isGone = sent.status === 410
    if (delayMs === undefined && !isGone) this.#end(item, 'failed', attempt, startedAt)
    else this.#park(item, nowMs + (delayMs ?? 0), attempt, startedAt)
    if (target.isDisabled) return
    const failingSince = this.#failingSince
    if (isGone) this.#change(() => this.#options.disable('gone', failingSince))
    else if (nowMs - failingSince.getTime() >= DISABLED_AFTER_MS)
      this.#change(() => this.#options.disable('failing', failingSince))
  }

  #park(item: Item, dueMs: number, attempt: NewAttempt, attemptedAt: Date): void {
    this.#forgetEvent(item)
    this.#record(item, { status: 'pending', due_at: new Date(dueMs), attempted_at: attemptedAt }, attempt)
    // Those behind it wait with it; once that is written, the position moves on without them.
    for (const behind of this.#lanes.park(item, dueMs)) {
      this.#noLongerReady(behind)
      if (behind.isUnrecorded) this.#recordWaiting(behind)
    }
  }

  #noLongerReady(item: Item): void {
    if (item.isReady) this.#ready -= 1
    item.isReady = false
  }

  /** What is recorded can be found again: only what is about to be sent is held whole. */
  #forgetEvent(item: Item): void {
    item.event = undefined
  }

  #recordWaiting(item: Item): void {
    this.#forgetEvent(item)
    const dueAt = new Date(this.#options.clock.nowMs())
    this.#record(item, { status: 'pending', due_at: dueAt, attempted_at: null }, undefined)
  }

  #giveUp(item: Item, why: string): void {
    item.lastError = why
    this.#end(item, 'failed', undefined, null)
  }

  #end(
    item: Item,
    status: 'succeeded' | 'failed',
    attempt: NewAttempt | undefined,
    attemptedAt: Date | null,
  ): void {
    this.#record(item, { status, due_at: null, attempted_at: attemptedAt }, attempt)
    this.#forgetEvent(item)
    this.#lanes.done(item)
  }

  #record(
    item: Item,
    state: Pick<DeliveryState, 'status' | 'due_at' | 'attempted_at'>,
    attempt: NewAttempt | undefined,
  ): void {
    const { recorder, target } = this.#options
    const delivery: DeliveryState = {
      environment_id: target.environmentId,
      webhook_id: target.id,
      event_id: item.eventId,
      sequence: item.sequence,
      id: item.deliveryId,
      event_type: item.eventType,
      lane: item.lane,
      attempts: item.attempts,
      round_attempts: item.roundAttempts,
      recovery_id: item.recoveryId,
      last_status: item.lastStatus,
      last_error: item.lastError,
      created_at: item.createdAt,
      ...state,
    }
    recorder.add({ of: this, delivery, attempt })
  }

  /** Writes that the webhook's status changes. Once it is written nothing is sent: whoever owns it then begins anew. */
  #change(write: () => Promise<void>): void {
    if (this.#isChanging) return
    this.#isChanging = true
    write().catch((error: unknown) => {
      this.#options.onError(error)
      this.#isChanging = false
      this.#advance()
    })
  }

  /** Once an hour a disabled receiver is sent what waits the longest. */
  #probeInTime(): void {
    clearTimeout(this.#timer)
    const { clock } = this.#options
    const waitMs = this.#probedMs + PROBE_INTERVAL_MS - clock.nowMs()
    if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#advance(), Math.min(LONGEST_TIMER_MS, waitMs)).unref()
      return
    }
    if (this.#inFlight.size > 0 || this.#isReading) return
    this.#probedMs = clock.nowMs()
    void this.#probe().catch((error: unknown) => {
      this.#options.onError(error)
      this.#sleepUntilProbe()
    })
  }

  async #probe(): Promise<void> {
    const { target, noteProbe } = this.#options
    await noteProbe(target.id, this.epoch)
    if (this.#lanes.size === 0) {
      this.#isReading = true
      try {
        const [row] = await this.#options.listPending(target.id, -1, 1)
        if (row !== undefined) this.#addRow({ ...row, due_at: null }, 'probe')
        else await this.#readUntilWanted()
      } finally {
        this.#isReading = false
      }
    }
    const item = this.#lanes.take(Number.POSITIVE_INFINITY)
    if (item !== undefined && !this.#isStopped) this.#begin(item)
    else this.#sleepUntilProbe()
  }

  /** Nothing waits: there is nothing to show that the receiver is well again. Events will come. */
  #sleepUntilProbe(): void {
    this.#timer = setTimeout(() => this.#advance(), LONGEST_TIMER_MS).unref()
  }

  async #readUntilWanted(): Promise<void> {
    do await this.#readEvents()
    while (this.#lanes.size === 0 && this.#mayHaveMore && !this.#isStopped)
  }
}
