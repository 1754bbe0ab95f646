/**
 * Delivers one webhook's events while this server owns it: reads the log from the webhook's position on, sends what the
 * webhook is told of, in order within each lane, and says what came of it. What was read and not yet recorded is read again by
 * the next owner, so nothing is lost by the death of this one.
 */

import type { DisabledReason } from '../../../db/tables/webhooks.ts'
import type { EventRow } from '../../../events/log.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Id } from '../../../lib/ids.ts'
import { deliveryOf, type Item, type ItemState, itemOfEvent, itemOfRow } from './item.ts'
import { Lanes } from './lanes.ts'
import { MAX_IN_FLIGHT, Pacing } from './pacing.ts'
import { Progress } from './progress.ts'
import { type Page, Reader, type Sources } from './reader.ts'
import type { DeliveryRecorder, Recorded } from './recorder.ts'
import { afterFailure, type RetrySchedule } from './retries.ts'
import type { Sent } from './send.ts'
import type { ConsumerRow, ConsumerState, DeliveryRow, NewAttempt } from './store.ts'

/** From the first event that isn't recorded to the last that was read, at most. */
const MAX_READ_AHEAD = 10_000
/** Events that wait to be attempted, at most, while the log can give more. */
const MAX_READY = 2_000
const PAGE = 200
/** What may wait in memory; beyond it, nothing more is read until some of it is over. */
const MAX_WAITING = 50_000
/** Events that a webhook isn't told of are read again by the next owner; so many at most, and a page. */
const MAX_UNNOTED = 1_000
/** How long all attempts must have failed before a webhook is disabled. */
const DISABLED_AFTER_MS = 5 * 86_400_000
const PROBE_INTERVAL_MS = 3_600_000
/** What is known to be owned at one instant may be another server's after so long: nothing is sent before it is confirmed. */
const TRUSTED_MS = 3_000
const READ_RETRY_MS = 500
const LONGEST_TIMER_MS = 60_000
const SHORTEST_TIMER_MS = 10

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

export interface ConsumerOptions extends Sources {
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
  findEvent(environmentId: Id<'env'>, id: Id<'evt'>): Promise<EventRow | undefined>
  noteProbe(webhookId: Id<'we'>, epoch: number): Promise<void>
  /** It must not be sent to any more. Resolves when that is durable. */
  disable(reason: DisabledReason, failingSince: Date): Promise<void>
  /** A disabled one answered well. */
  recover(failingSince: Date | null): Promise<void>
  onLost(consumer: Consumer): void
  onError(error: unknown): void
  random?: () => number
}

export class Consumer implements Recorded {
  readonly #options: ConsumerOptions
  readonly #lanes = new Lanes<Item>()
  readonly #pacing = new Pacing()
  readonly #stopping = new AbortController()
  readonly #inFlight = new Set<Promise<void>>()
  readonly #progress: Progress
  readonly #reader: Reader
  /** Read, and not attempted yet. */
  #ready = 0
  #isReading = false
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
    this.#failingSince = owned.failing_since
    this.#lastSuccessAt = owned.last_success_at
    this.#lastFailureAt = owned.last_failure_at
    this.#probedMs = owned.probed_at?.getTime() ?? Number.NEGATIVE_INFINITY
    this.#pacing.setRate(target.maxPerSecond)
    this.#progress = new Progress(owned.position)
    this.#reader = new Reader(options, {
      webhookId: target.id,
      environmentId: target.environmentId,
      epoch: owned.epoch,
      readTo: () => this.#progress.readTo,
      takeEvents: (page) => this.#takeEvents(page),
      takeRow: (row, cause) => this.#takeRow(row, cause),
    })
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
    this.#reader.wake()
    this.#advance()
  }

  /** New events of its environment, and that none is missing between `from` (exclusive) and `to` (inclusive). */
  offer(rows: readonly EventRow[], from: number, to: number): void {
    const isNext = this.#reader.isAtEnd && !this.#isReading && this.#progress.readTo >= from
    if (!isNext || !this.#mayRead()) {
      this.wake()
      return
    }
    if (to <= this.#progress.readTo) return
    this.#takeEvents({ rows, readTo: to })
    this.#advance()
  }

  /** Something was asked for through the API. */
  takeRequests(): void {
    this.#reader.request()
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
    return {
      webhook_id: this.webhookId,
      epoch: this.epoch,
      position: this.#progress.record(sequences),
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
    return this.#reader.isBehindLog
      ? this.#lanes.size < MAX_WAITING
      : this.#reader.mayHaveMore && this.#mayRead()
  }

  /** A receiver that is down isn't read for: what waits for it stays in the log. */
  #mayRead(): boolean {
    const mayHaveNone = this.#lanes.nextDueMs() > this.#options.clock.nowMs()
    if (this.#pacing.isDown && !mayHaveNone) return false
    const most = this.#pacing.isDown ? 1 : MAX_READ_AHEAD
    return this.#progress.readAhead < most && this.#ready < MAX_READY && this.#lanes.size < MAX_WAITING
  }

  async #read(): Promise<void> {
    this.#isReading = true
    try {
      while (!this.#isStopped && this.#wantsToRead()) {
        await this.#reader.read(this.#pageSize)
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

  get #pageSize(): number {
    return this.#pacing.isDown ? 1 : PAGE
  }

  #takeEvents({ rows, readTo }: Page): void {
    // Once it is stopped the position stands where it is.
    if (this.#isStopped) return
    for (const row of rows) if (row.sequence > this.#progress.readTo) this.#takeEvent(row)
    this.#progress.advanceTo(readTo)
    // Where nothing is this webhook's, that it was read is written all the same, so that it isn't read again.
    if (this.#progress.unnoted >= MAX_UNNOTED) this.#options.recorder.note(this)
  }

  #takeEvent(event: EventRow): void {
    const { target } = this.#options
    // What waits is in its lane already, and what is over stays over.
    if (!target.wants(event) || this.#reader.isRecorded(event.sequence)) return
    const item = itemOfEvent(target.id, event)
    this.#progress.add(item)
    item.isReady = !this.#lanes.add(item)
    if (item.isReady) this.#ready += 1
    else this.#recordWaiting(item)
  }

  #takeRow(row: DeliveryRow, cause: NewAttempt['cause']): void {
    const known = this.#lanes.find(row.sequence)
    if (known === undefined) {
      this.#lanes.add(itemOfRow(row, cause), row.due_at?.getTime() ?? 0)
      return
    }
    known.cause = cause
    known.recoveryId = row.recovery_id
    known.roundAttempts = row.round_attempts
    this.#lanes.hurry(known)
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
    else this.#fail(item, attempt, sent, startedAt)
  }

  #succeed(item: Item, attempt: NewAttempt, startedAt: Date): void {
    const wasFailingSince = this.#failingSince
    this.#pacing.succeeded()
    this.#failingSince = null
    this.#lastSuccessAt = startedAt
    this.#end(item, 'succeeded', attempt, startedAt)
    if (this.#options.target.isDisabled) this.#change(() => this.#options.recover(wasFailingSince))
  }

  #fail(item: Item, attempt: NewAttempt, sent: Sent, startedAt: Date): void {
    const { clock, schedule, target, random = Math.random } = this.#options
    const nowMs = clock.nowMs()
    this.#pacing.failed(nowMs)
    this.#failingSince ??= startedAt
    this.#lastFailureAt = startedAt
    const { toldMs, isFree, delayMs } = afterFailure({
      ...sent,
      ageMs: nowMs - item.createdAt.getTime(),
      tries: item.roundAttempts,
      schedule,
      nowMs,
      random: random(),
    })
    if (toldMs !== undefined) this.#pacing.pause(nowMs + toldMs)
    if (isFree) item.roundAttempts -= 1
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

  #record(item: Item, state: ItemState, attempt: NewAttempt | undefined): void {
    const { recorder, target } = this.#options
    recorder.add({ of: this, delivery: deliveryOf(target, item, state), attempt })
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
        const row = await this.#reader.findOldestPending()
        if (row !== undefined) this.#takeRow({ ...row, due_at: null }, 'probe')
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
    do await this.#reader.readEvents(this.#pageSize)
    while (this.#lanes.size === 0 && this.#reader.mayHaveMore && !this.#isStopped)
  }
}
