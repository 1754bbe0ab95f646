/** SQL of what was delivered: its history, and what is asked for again. */
import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type {
  DeliveryAttemptsTable,
  DeliveryStatus,
  WebhookRecoveriesTable,
} from '../../db/tables/webhooks.ts'
import { ApiError } from '../../errors.ts'
import { type Id, idTimeMs, isId } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { DeliveryRow } from './dispatch/store.ts'

export type AttemptRow = Selectable<DeliveryAttemptsTable>
export type RecoveryRow = Selectable<WebhookRecoveriesTable>

export interface DeliveryFilter {
  status?: DeliveryStatus | undefined
  eventType?: string | undefined
  conversationId?: string | undefined
  since?: Date | undefined
  until?: Date | undefined
}

/** The latest events first, one more than the page holds. */
export function listDeliveries(
  db: Db,
  environmentId: Id<'env'>,
  webhookId: Id<'we'>,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<DeliveryRow[]> {
  const { status, eventType, conversationId, since, until } = filter
  return db
    .selectFrom('deliveries')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('webhook_id', '=', webhookId)
    .$if(status !== undefined, (query) => query.where('status', '=', status as DeliveryStatus))
    .$if(eventType !== undefined, (query) => query.where('event_type', '=', String(eventType)))
    .$if(conversationId !== undefined, (query) => query.where('lane', '=', String(conversationId)))
    .$if(since !== undefined, (query) => query.where('created_at', '>=', since as Date))
    .$if(until !== undefined, (query) => query.where('created_at', '<', until as Date))
    .$if(page.after !== undefined, (query) => query.where('sequence', '<', Number(page.after?.[0])))
    .orderBy('sequence', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

/** Looks into the one day that the id names. */
export function findDelivery(
  db: Db | Tx,
  environmentId: Id<'env'>,
  id: Id<'dlv'>,
): Promise<DeliveryRow | undefined> {
  if (!isId('dlv', id)) return Promise.resolve(undefined)
  return db
    .selectFrom('deliveries')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .where('created_at', '=', new Date(idTimeMs(id)))
    .executeTakeFirst()
}

/** The latest first, at most 100. */
export function listAttempts(
  db: Db,
  environmentId: Id<'env'>,
  delivery: Pick<DeliveryRow, 'id' | 'created_at'>,
): Promise<AttemptRow[]> {
  return db
    .selectFrom('delivery_attempts')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('delivery_id', '=', delivery.id)
    .where('started_at', '>=', new Date(delivery.created_at.getTime() - 60_000))
    .orderBy('number', 'desc')
    .limit(100)
    .execute()
}

/** Its owner takes it up when it hears of it. */
export async function requestDelivery(tx: Tx, row: DeliveryRow, now: Date): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ status: 'pending', due_at: now, is_requested: true, round_attempts: 0, recovery_id: null })
    .where('environment_id', '=', row.environment_id)
    .where('webhook_id', '=', row.webhook_id)
    .where('sequence', '=', row.sequence)
    .where('created_at', '=', row.created_at)
    .execute()
}

export async function insertRecovery(
  tx: Tx,
  row: Omit<RecoveryRow, 'queued' | 'completed_at'>,
): Promise<void> {
  await tx.insertInto('webhook_recoveries').values(row).execute()
}

export function findRecovery(
  db: Db | Tx,
  environmentId: Id<'env'>,
  id: Id<'rec'>,
): Promise<RecoveryRow | undefined> {
  return db
    .selectFrom('webhook_recoveries')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export interface RecoveryScope {
  environmentId: Id<'env'>
  webhookId: Id<'we'>
  since: Date
  until: Date
  wanted: RecoveryRow['wanted']
  /** Names, or `*` alone: which events without a delivery are missing. */
  events: readonly string[]
}

/** Events of the range that are to be sent again, or for the first time. */
function wantedEvents({ environmentId, webhookId, since, until, wanted, events }: RecoveryScope) {
  const state = {
    failed: sql<boolean>`d.status = 'failed'`,
    missing: sql<boolean>`d.sequence IS NULL`,
    all: sql<boolean>`d.status IS DISTINCT FROM 'pending'`,
  }[wanted]
  const told = events.includes('*') ? sql`true` : sql`e.type = ANY (${[...events]}::text[])`
  // What the log has not come to is told in its turn.
  return sql`
    FROM events e
    JOIN webhook_consumers c ON c.webhook_id = ${webhookId}
    LEFT JOIN deliveries d
      ON d.webhook_id = ${webhookId} AND d.sequence = e.sequence AND d.created_at = e.created_at
   WHERE e.environment_id = ${environmentId} AND e.created_at >= ${since} AND e.created_at < ${until}
     AND e.sequence <= c.position AND ${state}
     AND (d.sequence IS NOT NULL OR (${told} AND e.type <> 'webhook.test'))`
}

export async function measureRecovery(
  tx: Tx,
  scope: RecoveryScope,
): Promise<{ total: number; lastSequence: number }> {
  const { rows } = await sql<{ total: number; last: number | null }>`
    SELECT count(*)::bigint AS total, max(e.sequence) AS last ${wantedEvents(scope)}`.execute(tx)
  return { total: rows[0]?.total ?? 0, lastSequence: rows[0]?.last ?? 0 }
}

export interface WantedEvent {
  sequence: number
  event_id: Id<'evt'>
  event_type: string
  lane: string | null
  created_at: Date
}

/** In order, beyond this sequence and not beyond the last that was measured. */
export async function listWanted(
  tx: Tx,
  scope: RecoveryScope,
  afterSequence: number,
  lastSequence: number,
  limit: number,
): Promise<WantedEvent[]> {
  const { rows } = await sql<WantedEvent>`
    SELECT e.sequence, e.id AS event_id, e.type AS event_type, e.conversation_id AS lane, e.created_at
    ${wantedEvents(scope)} AND e.sequence > ${afterSequence} AND e.sequence <= ${lastSequence}
    ORDER BY e.sequence LIMIT ${limit}`.execute(tx)
  return rows
}

/** Makes or renews deliveries, for their owner to take up. */
export async function requestDeliveries(
  tx: Tx,
  scope: RecoveryScope,
  recoveryId: Id<'rec'>,
  rows: readonly (WantedEvent & { id: Id<'dlv'> })[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insertInto('deliveries')
    .values(
      rows.map((row) => ({
        environment_id: scope.environmentId,
        webhook_id: scope.webhookId,
        event_id: row.event_id,
        sequence: row.sequence,
        id: row.id,
        event_type: row.event_type,
        lane: row.lane,
        status: 'pending' as const,
        attempts: 0,
        round_attempts: 0,
        due_at: now,
        is_requested: true,
        recovery_id: recoveryId,
        created_at: row.created_at,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['webhook_id', 'sequence', 'created_at']).doUpdateSet({
        status: 'pending',
        due_at: now,
        is_requested: true,
        round_attempts: 0,
        recovery_id: recoveryId,
      }),
    )
    .execute()
}

/** Running ones behind `after`, with a lock that others pass by: one server works on each. Upkeep over all environments. */
export function lockRunningRecoveries(
  tx: Tx,
  after: Id<'rec'> | undefined,
  limit: number,
): Promise<RecoveryRow[]> {
  return tx
    .selectFrom('webhook_recoveries')
    .selectAll()
    .where('status', '=', 'running')
    .$if(after !== undefined, (query) => query.where('id', '>', after as Id<'rec'>)) // as the condition says
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

export async function countWaiting(tx: Tx, { webhook_id: webhookId, id }: RecoveryRow): Promise<number> {
  const { count } = await tx
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('webhook_id', '=', webhookId)
    .where('status', '=', 'pending')
    .where('recovery_id', '=', id)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Adds to what is counted, and notes how far it is. */
export async function noteRecovery(
  tx: Tx,
  id: Id<'rec'>,
  change: { position: number; queued: number } | { completedAt: Date },
): Promise<void> {
  if ('completedAt' in change) {
    await tx
      .updateTable('webhook_recoveries')
      .set({ status: 'completed', completed_at: change.completedAt })
      .where('id', '=', id)
      .where('status', '=', 'running')
      .execute()
    return
  }
  await tx
    .updateTable('webhook_recoveries')
    .set((eb) => ({ position: change.position, queued: eb('queued', '+', change.queued) }))
    .where('id', '=', id)
    .execute()
}

/** How its deliveries went, as their rows tell. */
export async function countRecovered(
  db: Db,
  { environment_id: environmentId, webhook_id: webhookId, id, since }: RecoveryRow,
): Promise<Record<DeliveryStatus, number>> {
  const rows = await db
    .selectFrom('deliveries')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .where('environment_id', '=', environmentId)
    .where('webhook_id', '=', webhookId)
    .where('recovery_id', '=', id)
    .where('created_at', '>=', since)
    .groupBy('status')
    .execute()
  const counts = { pending: 0, succeeded: 0, failed: 0 }
  for (const row of rows) counts[row.status] = Number(row.count)
  return counts
}

/** What the webhook is told of; nothing when it is gone. */
export async function eventsOf(tx: Tx, environmentId: Id<'env'>, webhookId: Id<'we'>): Promise<string[]> {
  const row = await tx
    .selectFrom('webhooks')
    .select('events')
    .where('environment_id', '=', environmentId)
    .where('id', '=', webhookId)
    .executeTakeFirst()
  return row?.events ?? []
}

const MAX_RUNNING = 20

/** Throws `conflict` while a replay of the webhook runs, or 20 of the environment; of two at once one is begun. */
export async function assertNoneRuns(tx: Tx, environmentId: Id<'env'>, webhookId: Id<'we'>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(4547, hashtext(${environmentId}))`.execute(tx)
  const running = await tx
    .selectFrom('webhook_recoveries')
    .select(['id', 'webhook_id'])
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'running')
    .execute()
  const same = running.find((row) => row.webhook_id === webhookId)
  if (same === undefined && running.length < MAX_RUNNING) return
  throw new ApiError('conflict', {
    error:
      same === undefined ? `${MAX_RUNNING} replays run already` : 'A replay of this webhook runs already',
    hint: 'GET /v1/recoveries/{id} says how far it is.',
    details: { recovery_id: (same ?? running[0])?.id },
  })
}
