/** SQL of webhooks as people see them. */
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { WebhooksTable } from '../../db/tables/webhooks.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'

export const WEBHOOK_CHANNEL = 'agentclara_webhooks'

/** With how it goes. */
export type WebhookRow = Selectable<WebhooksTable> & {
  failing_since: Date | null
  last_success_at: Date | null
  last_failure_at: Date | null
}

const withConsumer = (db: Db | Tx) =>
  db
    .selectFrom('webhooks')
    .innerJoin('webhook_consumers', 'webhook_consumers.webhook_id', 'webhooks.id')
    .selectAll('webhooks')
    .select(['failing_since', 'last_success_at', 'last_failure_at'])

/** It is told of what is committed from now on. */
export async function insertWebhook(tx: Tx, row: Insertable<WebhooksTable>): Promise<void> {
  await tx.insertInto('webhooks').values(row).execute()
  await sql`
    INSERT INTO webhook_consumers (webhook_id, position) VALUES (${row.id}, settled_event_sequence())`.execute(
    tx,
  )
}

export function findWebhook(
  db: Db | Tx,
  environmentId: Id<'env'>,
  id: Id<'we'>,
): Promise<WebhookRow | undefined> {
  return withConsumer(db)
    .where('webhooks.environment_id', '=', environmentId)
    .where('webhooks.id', '=', id)
    .executeTakeFirst()
}

/** Until the transaction ends, nobody else changes it. False when it isn't there. */
export async function lockWebhook(tx: Tx, environmentId: Id<'env'>, id: Id<'we'>): Promise<boolean> {
  const row = await tx
    .selectFrom('webhooks')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Newest first, one more than the page holds. */
export function listWebhooks(db: Db, environmentId: Id<'env'>, page: PageRequest): Promise<WebhookRow[]> {
  return withConsumer(db)
    .where('webhooks.environment_id', '=', environmentId)
    .$if(page.after !== undefined, (query) =>
      query.where('webhooks.id', '<', String(page.after?.[0]) as Id<'we'>),
    )
    .orderBy('webhooks.id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

/** Until the transaction ends, no other webhook is made in the environment. How many there are. */
export async function lockAndCount(tx: Tx, environmentId: Id<'env'>): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(4544, hashtext(${environmentId}))`.execute(tx)
  const { count } = await tx
    .selectFrom('webhooks')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('environment_id', '=', environmentId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function updateWebhook(
  tx: Tx,
  environmentId: Id<'env'>,
  id: Id<'we'>,
  change: Updateable<WebhooksTable>,
): Promise<void> {
  await tx
    .updateTable('webhooks')
    .set(change)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

export async function deleteWebhook(tx: Tx, environmentId: Id<'env'>, id: Id<'we'>): Promise<void> {
  await tx.deleteFrom('webhooks').where('environment_id', '=', environmentId).where('id', '=', id).execute()
}

/** All of a workspace; their ids. */
export async function deleteWebhooksOfWorkspace(tx: Tx, workspaceId: Id<'ws'>): Promise<Id<'we'>[]> {
  const rows = await tx
    .deleteFrom('webhooks')
    .using('environments')
    .whereRef('environments.id', '=', 'webhooks.environment_id')
    .where('environments.workspace_id', '=', workspaceId)
    .returning('webhooks.id')
    .execute()
  return rows.map((row) => row.id)
}

/** From now on it counts as well: what it failed at before says nothing any more. */
export async function clearFailing(tx: Tx, id: Id<'we'>): Promise<void> {
  await tx
    .updateTable('webhook_consumers')
    .set({ failing_since: null, probed_at: null })
    .where('webhook_id', '=', id)
    .execute()
}

/** Whoever delivers to it hears of it when the transaction commits. */
export async function announce(
  tx: Tx | Db,
  id: Id<'we'>,
  kind: 'changed' | 'requests' = 'changed',
): Promise<void> {
  await sql`SELECT pg_notify(${WEBHOOK_CHANNEL}, ${`${kind} ${id}`})`.execute(tx)
}

/** Asks again for what failed since then, in order. */
export async function requeueFailed(
  tx: Tx,
  environmentId: Id<'env'>,
  id: Id<'we'>,
  since: Date,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ status: 'pending', due_at: now, is_requested: true, round_attempts: 0 })
    .where('environment_id', '=', environmentId)
    .where('webhook_id', '=', id)
    .where('status', '=', 'failed')
    .where('created_at', '>=', since)
    .execute()
}

/** Every event up to here that the webhook is told of has its delivery. */
export async function findPosition(db: Db, id: Id<'we'>): Promise<number> {
  const row = await db
    .selectFrom('webhook_consumers')
    .select('position')
    .where('webhook_id', '=', id)
    .executeTakeFirst()
  return row?.position ?? 0
}

/** How many events that the webhook is told of lie between: the log is searched no further than 10,000 events. */
export async function countAhead(
  db: Db,
  environmentId: Id<'env'>,
  { events }: Pick<WebhookRow, 'events'>,
  position: number,
  sequence: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::bigint AS count FROM (
      SELECT type FROM events
       WHERE environment_id = ${environmentId} AND sequence > ${position} AND sequence < ${sequence}
       ORDER BY sequence LIMIT 10000) AS between_them
     WHERE ${events.includes('*')} OR type = ANY (${events}::text[])`.execute(db)
  return rows[0]?.count ?? 0
}
