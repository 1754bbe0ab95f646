/**
 * How a webhook fares: what became of its latest deliveries within a day, in spans of equal length. Of each webhook the
 * latest 1,000 are looked at, by its own index, whatever it is sent: of a busy one the day is then shorter, and is
 * said to be.
 */
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import type { Db } from '../../db/client.ts'
import { nullable, timestamp } from '../../http/schemas.ts'
import type { Id } from '../../lib/ids.ts'

const DAY_MS = 86_400_000
const MAX_DELIVERIES = 1_000
const SPANS = 24

interface Counts {
  succeeded: number
  failed: number
}

export interface Health extends Counts {
  /** Of the last one that was looked at, or a day ago. */
  since: Date
  pending: number
  /** Oldest first. Not yet succeeded although tried counts as failed: it is what people look for. */
  spans: Counts[]
}

export interface DeliveryOutcome {
  status: 'pending' | 'succeeded' | 'failed'
  attempts: number
  created_at: Date
}

export const WebhookHealth = Type.Object(
  {
    since: timestamp('Events from then on are counted: of a day, or of the latest 1,000 deliveries.'),
    deliveries: Type.Integer({ description: 'How many are counted.' }),
    succeeded: Type.Integer(),
    failed: Type.Integer({ description: 'Given up, or tried and not taken yet.' }),
    pending: Type.Integer({ description: 'Not tried yet.' }),
    success_rate: nullable(
      Type.Number({ description: 'Of those that were tried, 0 to 1. Null when none was.' }),
    ),
    spans: Type.Array(Type.Object({ succeeded: Type.Integer(), failed: Type.Integer() }), {
      description: '24 spans of equal length from `since` to now, oldest first.',
    }),
  },
  { $id: 'WebhookHealth' },
)

/** One query for all of them. A webhook that was sent nothing is there, too. */
export async function readHealth(
  db: Db,
  environmentId: Id<'env'>,
  ids: readonly Id<'we'>[],
  nowMs: number,
): Promise<Map<Id<'we'>, Health>> {
  const since = new Date(nowMs - DAY_MS)
  const { rows } =
    ids.length === 0
      ? { rows: [] }
      : await sql<DeliveryOutcome & { webhook_id: Id<'we'> }>`
          SELECT latest.* FROM unnest(${ids}::text[]) AS wanted (id), LATERAL (
            SELECT webhook_id, status, attempts, created_at FROM deliveries
             WHERE environment_id = ${environmentId} AND webhook_id = wanted.id AND created_at >= ${since}
             ORDER BY sequence DESC LIMIT ${MAX_DELIVERIES}) AS latest`.execute(db)
  const byWebhook = Map.groupBy(rows, (row) => row.webhook_id)
  return new Map(ids.map((id) => [id, measureHealth(byWebhook.get(id) ?? [], nowMs)]))
}

/** Takes at most `MAX_DELIVERIES`; that many may be a part of the day. */
export function measureHealth(rows: readonly DeliveryOutcome[], nowMs: number): Health {
  const dayAgoMs = nowMs - DAY_MS
  const sinceMs =
    rows.length < MAX_DELIVERIES
      ? dayAgoMs
      : rows.reduce((oldest, row) => Math.min(oldest, row.created_at.getTime()), nowMs - SPANS)
  const spans = Array.from({ length: SPANS }, () => ({ succeeded: 0, failed: 0 }))
  const health = { since: new Date(sinceMs), succeeded: 0, failed: 0, pending: 0, spans }
  const spanMs = (nowMs - sinceMs) / SPANS
  for (const { status, attempts, created_at: at } of rows) {
    if (status === 'pending' && attempts === 0) {
      health.pending++
      continue
    }
    const outcome = status === 'succeeded' ? 'succeeded' : 'failed'
    health[outcome]++
    const index = Math.floor((at.getTime() - sinceMs) / spanMs)
    // The clock of the node that answers may be behind.
    const span = spans[Math.min(SPANS - 1, Math.max(0, index))]
    if (span !== undefined) span[outcome]++
  }
  return health
}

export function healthToWire(health: Health): Static<typeof WebhookHealth> {
  const { since, succeeded, failed, pending, spans } = health
  const tried = succeeded + failed
  return {
    since: since.toISOString(),
    deliveries: tried + pending,
    succeeded,
    failed,
    pending,
    success_rate: tried === 0 ? null : succeeded / tried,
    spans,
  }
}
