/**
 * Writes what came of attempts, of all webhooks of this server together, in batches that follow each other: while one is
 * written the next one gathers. What can't be written is kept and tried again; what an earlier owner would write is
 * refused by the database, and its consumer told.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Id } from '../../../lib/ids.ts'
import type { ConsumerState, DeliveryState, NewAttempt } from './store.ts'

/** How long the first of a batch waits for others: fewer and larger ones leave more of the database to those who write. */
const GATHER_MS = 20
const MAX_BATCH = 500
/** Beyond so many that wait to be written nothing more is attempted. */
const MAX_QUEUED = 2_000
const LONGEST_PAUSE_MS = 1_000

/** What the recorder asks of whom it writes for. */
export interface Recorded {
  readonly webhookId: Id<'we'>
  /** The fencing token. */
  readonly epoch: number
  /** These are about to be written: the state as it will be with them. Each one stays marked if that has to be repeated. */
  stateWith(sequences: readonly number[]): ConsumerState
  /** What was added is written. */
  written(): void
  /** It isn't the owner any more: nothing of it was written. */
  lost(): void
}

export interface Outcome {
  readonly of: Recorded
  readonly delivery: DeliveryState
  readonly attempt: NewAttempt | undefined
}

export interface RecorderOptions {
  write(
    consumers: readonly ConsumerState[],
    deliveries: readonly DeliveryState[],
    attempts: readonly NewAttempt[],
  ): Promise<Set<Id<'we'>>>
  onError(error: unknown): void
}

export class DeliveryRecorder {
  readonly #options: RecorderOptions
  #queue: Outcome[] = []
  /** Whose position moved without any delivery. */
  readonly #moved = new Set<Recorded>()
  #loop: Promise<void> | undefined
  /** Since the start; outcomes are written in the order they were added. */
  #added = 0
  #written = 0
  #waiting: { readonly upTo: number; readonly resolve: () => void }[] = []
  readonly #attempts = { succeeded: 0, failed: 0 }

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  get hasRoom(): boolean {
    return this.#queue.length < MAX_QUEUED
  }

  /** Since the start. */
  get attempts(): { readonly succeeded: number; readonly failed: number } {
    return this.#attempts
  }

  add(outcome: Outcome): void {
    if (outcome.attempt !== undefined)
      this.#attempts[isSuccess(outcome.attempt.status) ? 'succeeded' : 'failed'] += 1
    this.#added += 1
    this.#queue.push(outcome)
    this.#begin()
  }

  /** Writes the state, for whom there is no outcome to write. */
  note(moved: Recorded): void {
    this.#moved.add(moved)
    this.#begin()
  }

  /** Resolves when all that was added before is written, whatever is added meanwhile. */
  drain(): Promise<void> {
    if (this.#written >= this.#added) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ upTo: this.#added, resolve }))
  }

  #begin(): void {
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined
      if (this.#queue.length > 0 || this.#moved.size > 0) this.#begin()
    })
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 || this.#moved.size > 0) {
      if (this.#queue.length < MAX_BATCH) await delay(GATHER_MS)
      const batch = this.#queue.splice(0, MAX_BATCH)
      const moved = [...this.#moved]
      this.#moved.clear()
      await this.#write(batch, moved)
      this.#written += batch.length
      const isOver = ({ upTo }: { upTo: number }) => upTo <= this.#written
      for (const { resolve } of this.#waiting.filter(isOver)) resolve()
      this.#waiting = this.#waiting.filter((one) => !isOver(one))
    }
  }

  async #write(queued: readonly Outcome[], moved: readonly Recorded[]): Promise<void> {
    const replaced = findReplaced([...queued.map(({ of }) => of), ...moved])
    const batch = queued.filter(({ of }) => !replaced.has(of))
    const byConsumer = new Map<Recorded, number[]>()
    for (const one of moved) if (!replaced.has(one)) byConsumer.set(one, [])
    for (const { of, delivery } of batch) {
      const sequences = byConsumer.get(of)
      if (sequences === undefined) byConsumer.set(of, [delivery.sequence])
      else sequences.push(delivery.sequence)
    }
    // The latest state of each delivery alone: one statement can't write a row twice.
    const deliveries = [
      ...new Map(
        batch.map(({ delivery }) => [`${delivery.webhook_id} ${delivery.sequence}`, delivery]),
      ).values(),
    ]
    const attempts = batch.flatMap(({ attempt }) => attempt ?? [])
    for (let pauseMs = 50; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      const consumers = [...byConsumer].map(([one, sequences]) => one.stateWith(sequences))
      try {
        const owned = await this.#options.write(consumers, deliveries, attempts)
        for (const one of byConsumer.keys()) owned.has(one.webhookId) ? one.written() : one.lost()
        return
      } catch (error) {
        this.#options.onError(error)
        if (isRefused(error)) return this.#writeApart(batch, moved)
        await delay(pauseMs)
      }
    }
  }

  /** What PostgreSQL refuses for what it holds is looked for by halves, so that it keeps nothing else from being written. */
  async #writeApart(batch: readonly Outcome[], moved: readonly Recorded[]): Promise<void> {
    const [only] = batch
    if (only === undefined) return
    if (batch.length > 1) {
      const middle = batch.length >> 1
      await this.#write(batch.slice(0, middle), moved)
      return this.#write(batch.slice(middle), [])
    }
    // What became of the delivery matters more than what was answered.
    if (only.attempt !== undefined) return this.#write([{ ...only, attempt: undefined }], moved)
    only.of.written()
  }
}

/** Data that a column can't hold, or a rule that it breaks: a class of SQLSTATE. */
function isRefused(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown } | null)?.code ?? '')) // any thrown object can be asked for it
}

/** Those whose webhook this server owns under a later epoch: the database would take what they did for the new owner's. */
function findReplaced(all: readonly Recorded[]): Set<Recorded> {
  const newest = new Map<Id<'we'>, number>()
  for (const { webhookId, epoch } of all)
    newest.set(webhookId, Math.max(epoch, newest.get(webhookId) ?? epoch))
  return new Set(all.filter(({ webhookId, epoch }) => epoch < (newest.get(webhookId) ?? epoch)))
}

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}
