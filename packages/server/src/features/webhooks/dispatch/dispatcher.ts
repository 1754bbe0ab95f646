/**
 * Delivers on this server: takes over webhooks that nobody delivers to, its fair share of them, keeps their consumers in
 * step with what people change, and gives them up at the end. Ownership is a row with a fencing token; an owner counts
 * as gone when it has fallen silent (see db/nodes.ts).
 */
import type { Db } from '../../../db/client.ts'
import { isHeard, listLiveNodes } from '../../../db/nodes.ts'
import type { EventRow } from '../../../events/log.ts'
import type { EventTail, TailSubscription } from '../../../events/tail.ts'
import type { Clock } from '../../../lib/clock.ts'
import { type Id, isId } from '../../../lib/ids.ts'
import { Repeating } from '../../../lib/repeating.ts'
import { within } from '../../../lib/within.ts'
import { Consumer, type ConsumerOptions } from './consumer.ts'
import type { Page } from './reader.ts'
import type { DeliveryRecorder } from './recorder.ts'
import {
  type ConsumerRow,
  claimConsumers,
  countDelivered,
  type DeliveredWebhookRow,
  findDelivered,
  listOwned,
  listPending,
  listRecorded,
  noteProbe,
  releaseConsumers,
  takeRequested,
} from './store.ts'

const CLAIM_INTERVAL_MS = 1_000
const CONFIRM_INTERVAL_MS = 1_000
/** Requests under way get this long when a consumer ends. */
const GRACE_MS = 3_000
const DRAIN_MS = 3_000

type Fixed = Pick<ConsumerOptions, 'clock' | 'recorder' | 'findEvent' | 'onError'>
type PerWebhook = Pick<ConsumerOptions, 'target' | 'schedule' | 'send' | 'disable' | 'recover'>

export interface DispatcherOptions extends Fixed {
  db: Db
  clock: Clock
  nodeId: Id<'node'>
  recorder: DeliveryRecorder
  tail: EventTail
  /** In order, beyond a sequence. What is `knownSettled` is read whatever others announce meanwhile. */
  readEvents(
    environmentId: Id<'env'>,
    after: { afterSequence: number; knownSettled: number },
    limit: number,
  ): Promise<Page>
  /** Opens what is sealed, and knows how to send. */
  prepare(row: DeliveredWebhookRow): PerWebhook
}

export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #consumers = new Map<Id<'we'>, Consumer>()
  /** Owned, but can't be sent to as they are (a secret that can't be opened); under which epochs. */
  readonly #unusable = new Map<Id<'we'>, number>()
  readonly #claiming: Repeating
  readonly #confirming: Repeating
  /** While this server delivers to anybody. */
  #subscription: Promise<TailSubscription> | undefined
  /** All up to here was offered to the consumers. */
  #offeredTo = 0
  #isClosed = false
  /** Those that end: theirs until what they did is written. */
  readonly #givingUp = new Set<Id<'we'>>()
  /** Those that begin anew, and whether they were changed once more meanwhile. */
  readonly #renewing = new Map<Id<'we'>, 'once' | 'again'>()
  /** Takings over follow each other. */
  #work: Promise<void> = Promise.resolve()

  constructor(options: DispatcherOptions) {
    this.#options = options
    const { onError } = options
    this.#claiming = new Repeating({ work: () => this.#balance(), intervalMs: CLAIM_INTERVAL_MS, onError })
    this.#confirming = new Repeating({
      work: () => this.#confirm(),
      intervalMs: CONFIRM_INTERVAL_MS,
      onError,
    })
  }

  start(): void {
    void this.#balance().catch(this.#options.onError)
    this.#claiming.start()
    this.#confirming.start()
  }

  /** Webhooks that this server delivers to now. */
  get size(): number {
    return this.#consumers.size
  }

  /** What the listener hears: a webhook was made or changed, or something was asked for (`requests ID`). */
  hear(payload: string): void {
    const [kind = '', id = ''] = payload.split(' ')
    if (!isId('we', id) || this.#isClosed) return
    if (kind === 'requests') return void this.#consumers.get(id)?.takeRequests()
    this.#renewSoon(id)
  }

  /** Changed by this server: it needn't hear of it first. */
  changed(id: Id<'we'>): void {
    if (!this.#isClosed && this.#consumers.has(id)) this.#renewSoon(id)
  }

  /** What was announced may have been missed. */
  renewAll(): void {
    for (const id of [...this.#consumers.keys()]) this.#renewSoon(id)
    for (const consumer of this.#consumers.values()) consumer.takeRequests()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    // A database that is away must not keep the server from ending.
    await within(
      Promise.all([this.#claiming.stop(), this.#confirming.stop(), this.#work]),
      DRAIN_MS,
      undefined,
    )
    await within(this.#listen(false).catch(this.#options.onError), DRAIN_MS, undefined)
    const consumers = [...this.#consumers.values()]
    this.#consumers.clear()
    await Promise.all(consumers.map((consumer) => consumer.stop(GRACE_MS)))
    await within(this.#options.recorder.drain(), DRAIN_MS, undefined)
    await within(this.#release(consumers).catch(this.#options.onError), DRAIN_MS, undefined)
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(() => (this.#isClosed ? undefined : work())).catch(this.#options.onError)
    return this.#work
  }

  #balance(): Promise<void> {
    return this.#enqueue(async () => {
      const { db, nodeId } = this.#options
      const live = await listLiveNodes(db)
      // Not heard of itself: others may take what it has, so it takes nothing.
      if (!live.includes(nodeId)) return
      await this.#releaseForgotten()
      const share = Math.ceil((await countDelivered(db)) / live.length)
      const extra = [...this.#consumers.values()].slice(share + 1)
      if (extra.length > 0) return void this.#giveUp(extra).catch(this.#options.onError)
      const room = share + 1 - this.#consumers.size
      if (room > 0) await this.#claim(live, room)
      await this.#listen(this.#consumers.size > 0)
    })
  }

  /** One look at the log serves all consumers that have read it to its end. */
  async #listen(isWanted: boolean): Promise<void> {
    if (isWanted === (this.#subscription !== undefined)) return
    if (!isWanted) {
      const subscription = this.#subscription
      this.#subscription = undefined
      return (await subscription)?.close()
    }
    this.#subscription = this.#options.tail.subscribe({ onEvents: (rows) => this.#offer(rows) })
    try {
      this.#offeredTo = (await this.#subscription).sequence
    } catch (error) {
      // The database is away: it is asked again with the next look at who delivers.
      this.#subscription = undefined
      throw error
    }
    for (const consumer of this.#consumers.values()) consumer.wake()
  }

  #offer(rows: readonly EventRow[]): void {
    const from = this.#offeredTo
    this.#offeredTo = rows.at(-1)?.sequence ?? from
    const byEnvironment = Map.groupBy(rows, (row) => row.environment_id)
    for (const consumer of this.#consumers.values())
      consumer.offer(byEnvironment.get(consumer.environmentId) ?? [], from, this.#offeredTo)
  }

  async #claim(live: readonly Id<'node'>[], limit: number): Promise<void> {
    const { db, nodeId } = this.#options
    const askedAtMs = performance.now()
    await this.#takeOver(await claimConsumers(db, nodeId, live, limit), askedAtMs)
  }

  /**
   * Apart from taking over and giving up, which wait for receivers: consumers that aren't confirmed in time stop
   * sending. Another server may have taken over what this one had while it stood still.
   */
  async #confirm(): Promise<void> {
    const { db, nodeId } = this.#options
    const consumers = [...this.#consumers.values()]
    if (consumers.length === 0) return
    const askedAtMs = performance.now()
    // Others take over what belongs to a server that they don't hear of, however well it reaches the database.
    const isAlive = await isHeard(db, nodeId)
    const epochs = new Map((await listOwned(db, nodeId)).map((row) => [row.webhook_id, row.epoch]))
    for (const consumer of consumers) {
      if (epochs.get(consumer.webhookId) !== consumer.epoch) consumer.lost()
      else if (isAlive) consumer.confirm(askedAtMs)
    }
  }

  /** What was claimed and then not begun, because the database went away in between: somebody may begin it. */
  async #releaseForgotten(): Promise<void> {
    const owned = await listOwned(this.#options.db, this.#options.nodeId)
    const forgotten = owned.filter(
      ({ webhook_id: id }) => !this.#consumers.has(id) && !this.#unusable.has(id) && !this.#givingUp.has(id),
    )
    if (forgotten.length === 0) return
    const released = forgotten.map((row) => ({ webhookId: row.webhook_id, epoch: row.epoch }))
    await releaseConsumers(this.#options.db, released)
  }

  async #takeOver(rows: readonly ConsumerRow[], ownedAtMs: number): Promise<void> {
    if (rows.length === 0) return
    const { db } = this.#options
    const owned = new Map(rows.map((row) => [row.webhook_id, row]))
    const webhooks = await findDelivered(db, [...owned.keys()])
    for (const webhook of webhooks) {
      const row = owned.get(webhook.id)
      if (row === undefined) continue
      const { readEvents, findEvent, onError, clock, recorder } = this.#options
      // What this server had is another epoch's.
      this.#consumers.get(webhook.id)?.lost()
      const prepared = this.#prepare(webhook, row.epoch)
      if (prepared === undefined) continue
      const consumer = new Consumer({
        clock,
        recorder,
        // What was offered won't be offered again: it must be found, also while others announce lower sequences.
        readEvents: (environmentId, afterSequence, limit) =>
          readEvents(environmentId, { afterSequence, knownSettled: this.#offeredTo }, limit),
        findEvent,
        onError,
        ...prepared,
        owned: row,
        ownedAtMs,
        listPending: (id, after, limit) => listPending(db, id, after, limit),
        listRecorded: (id, after) => listRecorded(db, id, after),
        takeRequested: (id, epoch) => takeRequested(db, id, epoch, new Date(clock.nowMs())),
        noteProbe: (id, epoch) => noteProbe(db, id, epoch, new Date(clock.nowMs())),
        onLost: (lost) => {
          if (this.#consumers.get(lost.webhookId) === lost) this.#consumers.delete(lost.webhookId)
        },
      })
      this.#consumers.set(webhook.id, consumer)
      consumer.takeRequests()
      consumer.start()
    }
  }

  /** One that can't be sent to holds up no other. */
  #prepare(webhook: DeliveredWebhookRow, epoch: number): PerWebhook | undefined {
    try {
      return this.#options.prepare(webhook)
    } catch (error) {
      this.#options.onError(error)
      this.#unusable.set(webhook.id, epoch)
      return undefined
    }
  }

  /**
   * Nothing more is sent as the webhook was. One that takes long to end holds up no other, and however often it was
   * changed meanwhile, it begins anew once more.
   */
  #renewSoon(id: Id<'we'>): void {
    const consumer = this.#consumers.get(id)
    if (this.#renewing.has(id)) {
      void consumer?.stop(GRACE_MS)
      this.#renewing.set(id, 'again')
      return
    }
    this.#renewing.set(id, 'once')
    const ended = consumer === undefined ? Promise.resolve() : this.#giveUp([consumer])
    void ended
      .catch(this.#options.onError)
      .then(() => this.#enqueue(() => this.#renew(id)))
      .then(() => {
        const isChanged = this.#renewing.get(id) === 'again'
        this.#renewing.delete(id)
        if (isChanged && !this.#isClosed) this.#renewSoon(id)
      })
  }

  /** Takes up the webhook as it is now, if nobody has it. */
  async #renew(id: Id<'we'>): Promise<void> {
    const unusable = this.#unusable.get(id)
    if (unusable !== undefined) await this.#release([{ webhookId: id, epoch: unusable }])
    this.#unusable.delete(id)
    const { db, nodeId } = this.#options
    const live = await listLiveNodes(db)
    if (live.includes(nodeId)) await this.#claim(live, 1)
    await this.#listen(this.#consumers.size > 0)
  }

  async #giveUp(consumers: readonly Consumer[]): Promise<void> {
    for (const { webhookId } of consumers) {
      this.#consumers.delete(webhookId)
      this.#givingUp.add(webhookId)
    }
    try {
      await Promise.all(consumers.map((consumer) => consumer.stop(GRACE_MS)))
      // What they did must be there before another one goes on.
      await this.#options.recorder.drain()
      await this.#release(consumers)
    } finally {
      for (const { webhookId } of consumers) this.#givingUp.delete(webhookId)
    }
  }

  async #release(consumers: readonly Pick<Consumer, 'webhookId' | 'epoch'>[]): Promise<void> {
    if (consumers.length > 0) await releaseConsumers(this.#options.db, consumers)
  }
}
