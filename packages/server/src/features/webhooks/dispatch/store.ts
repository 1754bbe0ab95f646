/** SQL of delivering: who delivers to which webhook, what waits, and what came of it, written in batches. */
import { type Selectable, sql } from 'kysely'
import type { Db } from '../../../db/client.ts'
import type {
  DeliveriesTable,
  DeliveryAttemptsTable,
  WebhookConsumersTable,
  WebhooksTable,
} from '../../../db/tables/webhooks.ts'
import type { Id } from '../../../lib/ids.ts'

export type ConsumerRow = Selectable<WebhookConsumersTable>
export type DeliveryRow = Selectable<DeliveriesTable>
export type DeliveredWebhookRow = Selectable<WebhooksTable> & {
  environment: 'test' | 'live'
  workspace_id: Id<'ws'>
}

/** Takes over up to `limit` webhooks that are to be delivered to and whose owner is gone. Upkeep over all environments. */
export async function claimConsumers(
  db: Db,
  nodeId: Id<'node'>,
  live: readonly Id<'node'>[],
  limit: number,
): Promise<ConsumerRow[]> {
  const { rows } = await sql<ConsumerRow>`
    UPDATE webhook_consumers SET owner_node = ${nodeId}, epoch = epoch + 1
     WHERE webhook_id IN (
       SELECT c.webhook_id FROM webhook_consumers c JOIN webhooks w ON w.id = c.webhook_id
        WHERE (c.owner_node IS NULL OR c.owner_node <> ALL (${live}::text[])) AND w.status <> 'paused'
        ORDER BY c.webhook_id LIMIT ${limit} FOR UPDATE OF c SKIP LOCKED)
    RETURNING *`.execute(db)
  return rows
}

/** What this server owns, as of now. */
export function listOwned(db: Db, nodeId: Id<'node'>): Promise<Pick<ConsumerRow, 'webhook_id' | 'epoch'>[]> {
  return db
    .selectFrom('webhook_consumers')
    .select(['webhook_id', 'epoch'])
    .where('owner_node', '=', nodeId)
    .execute()
}

/** How many webhooks are to be delivered to, by whomever. */
export async function countDelivered(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('webhooks')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('status', '<>', 'paused')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Gives up what this server owns under these epochs, so that another may take it at once. */
export async function releaseConsumers(
  db: Db,
  owned: readonly { webhookId: Id<'we'>; epoch: number }[],
): Promise<void> {
  await sql`
    UPDATE webhook_consumers c SET owner_node = NULL
      FROM unnest(${owned.map((one) => one.webhookId)}::text[], ${owned.map((one) => one.epoch)}::bigint[])
        AS owned (webhook_id, epoch)
     WHERE c.webhook_id = owned.webhook_id AND c.epoch = owned.epoch`.execute(db)
}

/** Webhooks as they are now, whatever their environment: for their owner alone. */
export function findDelivered(db: Db, ids: readonly Id<'we'>[]): Promise<DeliveredWebhookRow[]> {
  return db
    .selectFrom('webhooks')
    .innerJoin('environments', 'environments.id', 'webhooks.environment_id')
    .selectAll('webhooks')
    .select(['environments.name as environment', 'environments.workspace_id'])
    .where('webhooks.id', 'in', ids)
    .execute()
}

/** What waits to be tried again, or behind such, in order; without what was asked for and not taken up: see takeRequested. */
export function listPending(
  db: Db,
  webhookId: Id<'we'>,
  afterSequence: number,
  limit: number,
): Promise<DeliveryRow[]> {
  return (
    db
      .selectFrom('deliveries')
      .selectAll()
      .where('webhook_id', '=', webhookId)
      // A literal: by a parameter, the index of what waits would serve no plan that is kept.
      .where('status', '=', sql.lit('pending'))
      .where('is_requested', '=', sql.lit(false))
      .where('sequence', '>', afterSequence)
      .orderBy('sequence')
      .limit(limit)
      .execute()
  )
}

/** Takes up what was asked for through the API, each once; nothing when this server is no longer the owner. */
export async function takeRequested(
  db: Db,
  webhookId: Id<'we'>,
  epoch: number,
  now: Date,
): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    UPDATE deliveries SET is_requested = false, status = 'pending', due_at = ${now}, round_attempts = 0
      FROM webhook_consumers c
     WHERE c.webhook_id = ${webhookId} AND c.epoch = ${epoch}
       AND deliveries.webhook_id = c.webhook_id AND deliveries.is_requested
    RETURNING deliveries.*`.execute(db)
  return rows.toSorted((a, b) => a.sequence - b.sequence)
}

/** What is written of each webhook in a batch. */
export type ConsumerState = Omit<ConsumerRow, 'owner_node' | 'probed_at'>
/** Whether it is asked for isn't the owner's to say. */
export type DeliveryState = Omit<DeliveryRow, 'is_requested'>
export type NewAttempt = Selectable<DeliveryAttemptsTable>

/**
 * One statement: the webhooks that this server still owns under these epochs, and their deliveries and attempts. The
 * ids of those; of others nothing is written. One state of a delivery at most. The commit doesn't wait for the disk: what
 * a crash of the database's machine takes from the end of it is sent again, and the order of what was written holds.
 */
export async function writeOutcomes(
  db: Db,
  consumers: readonly ConsumerState[],
  deliveries: readonly DeliveryState[],
  attempts: readonly NewAttempt[],
): Promise<Set<Id<'we'>>> {
  const { rows } = await sql<{ webhook_id: Id<'we'> }>`
    WITH owned AS (
      UPDATE webhook_consumers c
         SET position = greatest(c.position, n.position), failing_since = n.failing_since,
             last_success_at = n.last_success_at, last_failure_at = n.last_failure_at
        FROM json_to_recordset(${JSON.stringify(consumers)}::json) AS n (
               webhook_id text, epoch bigint, position bigint, failing_since timestamptz,
               last_success_at timestamptz, last_failure_at timestamptz)
       WHERE c.webhook_id = n.webhook_id AND c.epoch = n.epoch
      RETURNING c.webhook_id),
    told AS (
      INSERT INTO deliveries (environment_id, webhook_id, event_id, sequence, id, event_type, lane, status, attempts,
                              round_attempts, due_at, recovery_id, last_status, last_error, created_at, attempted_at)
      SELECT d.environment_id, d.webhook_id, d.event_id, d.sequence, d.id, d.event_type, d.lane, d.status, d.attempts,
             d.round_attempts, d.due_at, d.recovery_id, d.last_status, d.last_error, d.created_at, d.attempted_at
        FROM json_to_recordset(${JSON.stringify(deliveries)}::json) AS d (
               environment_id text, webhook_id text, event_id text, sequence bigint, id text, event_type text,
               lane text, status text, attempts int, round_attempts int, due_at timestamptz, recovery_id text,
               last_status int, last_error text, created_at timestamptz, attempted_at timestamptz)
        JOIN owned USING (webhook_id)
      ON CONFLICT (webhook_id, sequence, created_at) DO UPDATE SET
        status = excluded.status, attempts = excluded.attempts, round_attempts = excluded.round_attempts,
        due_at = excluded.due_at, recovery_id = excluded.recovery_id,
        last_status = excluded.last_status, last_error = excluded.last_error, attempted_at = excluded.attempted_at),
    tried AS (
      INSERT INTO delivery_attempts (environment_id, webhook_id, delivery_id, number, cause, url, started_at,
                                     duration_ms, status, error, address, response_headers, response_body, is_response_cut)
      SELECT a.environment_id, a.webhook_id, a.delivery_id, a.number, a.cause, a.url, a.started_at,
             a.duration_ms, a.status, a.error, a.address, a.response_headers, a.response_body, a.is_response_cut
        FROM json_to_recordset(${JSON.stringify(attempts)}::json) AS a (
               environment_id text, webhook_id text, delivery_id text, number int, cause text, url text,
               started_at timestamptz, duration_ms real, status int, error text, address text,
               response_headers json, response_body text, is_response_cut boolean)
        JOIN owned USING (webhook_id)
      ON CONFLICT DO NOTHING)
    SELECT webhook_id FROM owned, (SELECT set_config('synchronous_commit', 'off', true)) AS unwaited`.execute(
    db,
  )
  return new Set(rows.map((row) => row.webhook_id))
}

/** Notes that a disabled webhook was probed. */
export async function noteProbe(db: Db, webhookId: Id<'we'>, epoch: number, at: Date): Promise<void> {
  await db
    .updateTable('webhook_consumers')
    .set({ probed_at: at })
    .where('webhook_id', '=', webhookId)
    .where('epoch', '=', epoch)
    .execute()
}

/** Sequences beyond this one that have a row, whatever became of them. */
export async function listRecorded(db: Db, webhookId: Id<'we'>, afterSequence: number): Promise<number[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('sequence')
    .where('webhook_id', '=', webhookId)
    .where('sequence', '>', afterSequence)
    .execute()
  return rows.map((row) => row.sequence)
}
