/** What was delivered to webhooks, what is to be delivered again, and why something was or wasn't delivered. */
import type { Db } from '../../db/client.ts'
import { dayOf, makeDay } from '../../db/day-partitions.ts'
import { transact, transactOnce } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import type { EventLog } from '../../events/log.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import type { Scope } from '../../principal.ts'
import * as store from './deliveries-store.ts'
import { deliveryIdOf } from './dispatch/item.ts'
import type { DeliveryRow } from './dispatch/store.ts'
import { type Explanation, explain } from './explain.ts'
import type { WebhookService } from './service.ts'
import { announce, countAhead, findPosition, findWebhook } from './store.ts'

const DAY_MS = 86_400_000
const KEPT_DAYS = 30
/** A replay asks for so many at a time, and for more when most of them are over. */
const RECOVERY_PAGE = 100
const RECOVERY_WAITING = 50
const RECOVERIES_AT_ONCE = 10

export interface RecoveryRequest {
  since: string
  until?: string | undefined
  status: store.RecoveryRow['wanted']
}

export interface Recovery {
  row: store.RecoveryRow
  counts: Record<DeliveryRow['status'], number>
}

export interface DeliveryServiceOptions {
  db: Db
  clock: Clock
  events: EventLog
  webhooks: WebhookService
}

export class DeliveryService {
  readonly #options: DeliveryServiceOptions
  /** The last replay that was looked at; the next look goes on behind it, and after the last one begins anew. */
  #lookedAt: Id<'rec'> | undefined

  constructor(options: DeliveryServiceOptions) {
    this.#options = options
  }

  async list(
    scope: Scope,
    webhookId: Id<'we'>,
    filter: store.DeliveryFilter,
    page: PageRequest,
  ): Promise<Page<DeliveryRow>> {
    const { db, webhooks } = this.#options
    await webhooks.get(scope, webhookId)
    const rows = await store.listDeliveries(db, scope.environmentId, webhookId, filter, page)
    return toPage(rows, page.limit, (row) => [row.sequence])
  }

  async get(scope: Scope, id: Id<'dlv'>): Promise<{ delivery: DeliveryRow; attempts: store.AttemptRow[] }> {
    const { db } = this.#options
    const delivery = await store.findDelivery(db, scope.environmentId, id)
    if (delivery === undefined) throw await notFound(db, scope, 'deliveries', id)
    return { delivery, attempts: await store.listAttempts(db, scope.environmentId, delivery) }
  }

  /** It is sent again as soon as whoever delivers hears of it: behind what is under way in its conversation. */
  async redeliver(scope: Scope, id: Id<'dlv'>): Promise<DeliveryRow> {
    const { db, clock } = this.#options
    return transactOnce(db, scope, async (tx) => {
      const delivery = await store.findDelivery(tx, scope.environmentId, id)
      if (delivery === undefined) throw await notFound(tx, scope, 'deliveries', id)
      const webhook = await findWebhook(tx, scope.environmentId, delivery.webhook_id)
      if (webhook === undefined) throw await notFound(tx, scope, 'webhooks', delivery.webhook_id)
      if (webhook.status === 'disabled') throw isDisabled()
      await store.requestDelivery(tx, delivery, new Date(clock.nowMs()))
      await announce(tx, delivery.webhook_id, 'requests')
      const requested = await store.findDelivery(tx, scope.environmentId, id)
      if (requested === undefined) throw await notFound(tx, scope, 'deliveries', id)
      return requested
    })
  }

  /** Begins a replay of what failed, or never was sent, in a range of time. Its pace is the webhook's. */
  async recover(scope: Scope, webhookId: Id<'we'>, request: RecoveryRequest): Promise<Recovery> {
    const { db, clock, webhooks } = this.#options
    const webhook = await webhooks.get(scope, webhookId)
    if (webhook.status === 'disabled') throw isDisabled()
    const now = new Date(clock.nowMs())
    const { since, until } = readRange(request, now)
    const row = await transactOnce(db, scope, async (tx) => {
      await store.assertNoneRuns(tx, scope.environmentId, webhookId)
      const id = newId('rec')
      const measured = await store.measureRecovery(tx, {
        environmentId: scope.environmentId,
        webhookId,
        since,
        until,
        wanted: request.status,
        events: webhook.events,
      })
      await store.insertRecovery(tx, {
        id,
        environment_id: scope.environmentId,
        webhook_id: webhookId,
        since,
        until,
        wanted: request.status,
        status: 'running',
        position: 0,
        last_sequence: measured.lastSequence,
        total: measured.total,
        created_at: now,
      })
      const inserted = await store.findRecovery(tx, scope.environmentId, id)
      if (inserted === undefined) throw await notFound(tx, scope, 'webhook_recoveries', id)
      return inserted
    })
    return this.#withCounts(row)
  }

  async getRecovery(scope: Scope, id: Id<'rec'>): Promise<Recovery> {
    const { db } = this.#options
    const row = await store.findRecovery(db, scope.environmentId, id)
    if (row === undefined) throw await notFound(db, scope, 'webhook_recoveries', id)
    return this.#withCounts(row)
  }

  /**
   * Goes on with replays that have room for more, some of them at each call, so that those that have none (their webhook
   * is paused, say) keep no other one waiting. Any node may do it.
   */
  async advanceRecoveries(): Promise<void> {
    const { db, clock } = this.#options
    const looked = await transact(db, async (tx) => {
      const running = await store.lockRunningRecoveries(tx, this.#lookedAt, RECOVERIES_AT_ONCE)
      for (const row of running) {
        const scope = { environmentId: row.environment_id }
        const waiting = await store.countWaiting(tx, row)
        if (waiting >= RECOVERY_WAITING) continue
        const events = await store.eventsOf(tx, scope.environmentId, row.webhook_id)
        const wanted = {
          ...scope,
          webhookId: row.webhook_id,
          since: row.since,
          until: row.until,
          wanted: row.wanted,
          events,
        }
        const found = await store.listWanted(tx, wanted, row.position, row.last_sequence, RECOVERY_PAGE)
        const now = new Date(clock.nowMs())
        if (found.length === 0) {
          if (waiting === 0) await store.noteRecovery(tx, row.id, { completedAt: now })
          continue
        }
        const rows = found.map((event) => ({
          ...event,
          id: deliveryIdOf(row.webhook_id, { id: event.event_id, created_at: event.created_at }),
        }))
        // Of before there were webhooks, perhaps.
        for (const day of new Set(rows.map((one) => dayOf(one.created_at.getTime()))))
          await makeDay(tx, 'deliveries', day)
        await store.requestDeliveries(tx, wanted, row.id, rows, now)
        await store.noteRecovery(tx, row.id, {
          position: found.at(-1)?.sequence ?? row.position,
          queued: found.length,
        })
        await announce(tx, row.webhook_id, 'requests')
      }
      return running
    })
    this.#lookedAt = looked.length < RECOVERIES_AT_ONCE ? undefined : looked.at(-1)?.id
  }

  /** Why an event was delivered to a webhook, or wasn't, step by step. */
  async explain(scope: Scope, eventId: Id<'evt'>, webhookId: Id<'we'>): Promise<Explanation> {
    const { db, clock, events, webhooks } = this.#options
    const event = await events.find(db, scope.environmentId, eventId)
    if (event === undefined) throw await notFound(db, scope, 'events', eventId)
    const webhook = await webhooks.get(scope, webhookId)
    const deliveryId = deliveryIdOf(webhookId, event)
    const delivery = await store.findDelivery(db, scope.environmentId, deliveryId)
    const attempts = delivery === undefined ? [] : await store.listAttempts(db, scope.environmentId, delivery)
    const position = await findPosition(db, webhookId)
    const ahead =
      event.sequence > position
        ? await countAhead(db, scope.environmentId, webhook, position, event.sequence)
        : 0
    return explain({ event, webhook, delivery, attempts, position, ahead, nowMs: clock.nowMs() })
  }

  async #withCounts(row: store.RecoveryRow): Promise<Recovery> {
    return { row, counts: await store.countRecovered(this.#options.db, row) }
  }
}

function isDisabled(): ApiError {
  return new ApiError('conflict', {
    error: 'This webhook is disabled',
    hint: 'Resume it first (POST /v1/webhooks/{id}/resume).',
    details: { status: 'disabled' },
  })
}

function readRange({ since, until }: RecoveryRequest, now: Date): { since: Date; until: Date } {
  const begin = new Date(since)
  const end = until === undefined ? now : new Date(until)
  if (begin >= end) throw invalidField('since', 'must be before `until`, and in the past')
  if (now.getTime() - begin.getTime() > KEPT_DAYS * DAY_MS)
    throw invalidField('since', `must be at most ${KEPT_DAYS} days ago: deliveries are kept no longer`)
  return { since: begin, until: end }
}
