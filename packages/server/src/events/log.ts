/**
 * The log of what happened: appended in the transaction of each change, read in order and without gaps. Knows no
 * feature: the names of events and their data come from the features that append them.
 */
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import type { EventsTable } from '../db/tables/events.ts'
import { onCommit } from '../db/transact.ts'
import type { Clock } from '../lib/clock.ts'
import { type Id, newId } from '../lib/ids.ts'
import type { JsonObject } from '../lib/json.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import { toPage } from '../lib/page.ts'
import type { EventType } from './types.ts'

export interface NewEvent {
  type: EventType
  /** Order is kept within a conversation. */
  conversationId?: Id<'conv'>
  data: JsonObject
}

export type EventRow = Selectable<EventsTable>

export interface EventFilter {
  type?: string | undefined
  /** One of these. */
  types?: readonly string[] | undefined
  conversationId?: string | undefined
  /** Only events with a higher sequence. */
  afterSequence?: number | undefined
  order: 'asc' | 'desc'
}

export class EventLog {
  readonly #clock: Clock
  readonly #onCommitted: () => void

  /** `onCommitted` hears that there are new events, once for each transaction that appended any. */
  constructor(clock: Clock, onCommitted: () => void = () => {}) {
    this.#clock = clock
    this.#onCommitted = onCommitted
  }

  /** Appends one, and says what it is called. */
  async appendOne(
    tx: Tx,
    environmentId: Id<'env'>,
    event: NewEvent,
  ): Promise<Pick<EventRow, 'id' | 'created_at'>> {
    const [appended] = await this.#append(tx, environmentId, [event])
    if (appended === undefined) throw new Error('an event was appended and is not there')
    return appended
  }

  /** Appends in the order given. They exist when the transaction commits, and not otherwise. */
  async append(tx: Tx, environmentId: Id<'env'>, ...events: NewEvent[]): Promise<void> {
    await this.#append(tx, environmentId, events)
  }

  async #append(tx: Tx, environmentId: Id<'env'>, events: readonly NewEvent[]) {
    const rows = events.map((event) => ({
      id: newId('evt'),
      environment_id: environmentId,
      type: event.type,
      conversation_id: event.conversationId ?? null,
      data: JSON.stringify(event.data),
      created_at: new Date(this.#clock.nowMs()),
    }))
    await tx.insertInto('events').values(rows).execute()
    onCommit(tx, this.#onCommitted)
    return rows
  }

  /**
   * A page of one environment's events. Never shows an event while one with a lower sequence may still be
   * committed, so that who goes on after the last sequence it saw misses none.
   */
  async list(
    db: Db,
    environmentId: Id<'env'>,
    filter: EventFilter,
    page: PageRequest,
  ): Promise<Page<EventRow>> {
    const settled = await settledSequence(db)
    const ascending = filter.order === 'asc'
    const [after] = page.after ?? []
    const rows = await db
      .selectFrom('events')
      .selectAll()
      .where('environment_id', '=', environmentId)
      .where('sequence', '<=', settled)
      .$if(filter.type !== undefined, (query) => query.where('type', '=', String(filter.type)))
      .$if(filter.types !== undefined, (query) => query.where('type', 'in', filter.types ?? []))
      .$if(filter.conversationId !== undefined, (query) =>
        query.where('conversation_id', '=', String(filter.conversationId) as Id<'conv'>),
      )
      .$if(filter.afterSequence !== undefined, (query) =>
        query.where('sequence', '>', Number(filter.afterSequence)),
      )
      .$if(after !== undefined, (query) => query.where('sequence', ascending ? '>' : '<', Number(after)))
      .orderBy('sequence', filter.order)
      .offset(page.offset)
      .limit(page.limit + 1)
      .execute()
    return toPage(rows, page.limit, (row) => [row.sequence])
  }

  /** Undefined too for an event that is not settled yet. */
  async find(db: Db, environmentId: Id<'env'>, id: Id<'evt'>): Promise<EventRow | undefined> {
    const settled = await settledSequence(db)
    return db
      .selectFrom('events')
      .selectAll()
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .where('sequence', '<=', settled)
      .executeTakeFirst()
  }
}

/** What of one environment is followed. */
export interface Narrowing {
  environmentId: Id<'env'>
  conversationId?: string | undefined
  /** Any of these; all when left out. */
  types?: readonly string[] | undefined
}

/** A stretch of the log. */
export interface Stretch {
  rows: EventRow[]
  /** All that is wanted up to here is in the rows, or came before them. */
  upTo: number
}

/**
 * The next `limit` events after a sequence, in order. Fewer mean that there are no more as of now: see EventLog.list.
 * `knownSettled` is what the caller knows to be settled.
 */
export async function readAfter(
  db: Db,
  { environmentId, conversationId, types }: Narrowing,
  { afterSequence, knownSettled, limit }: { afterSequence: number; knownSettled: number; limit: number },
): Promise<Stretch> {
  const settled = Math.max(await settledSequence(db), knownSettled)
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('sequence', '>', afterSequence)
    .where('sequence', '<=', settled)
    .$if(conversationId !== undefined, (query) =>
      query.where('conversation_id', '=', String(conversationId) as Id<'conv'>),
    )
    .$if(types !== undefined, (query) => query.where('type', '=', sql<string>`ANY(${types})`))
    .orderBy('sequence')
    .limit(limit)
    .execute()
  const last = rows.length < limit ? settled : rows.at(-1)?.sequence
  return { rows, upTo: Math.max(afterSequence, last ?? settled) }
}

/** The newest sequence that was ever taken: no event has a higher one yet, settled or not. 0: none was. */
export async function newestSequence(db: Db): Promise<number> {
  const { rows } = await sql<{
    newest: number
  }>`SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS newest FROM events_sequence`.execute(db)
  return rows[0]?.newest ?? 0
}

const PRUNE_BATCH = 5_000

/** Takes away what happened before then, over all environments; at most 5,000 events, the oldest first. How many it were. */
export async function pruneEvents(db: Db, before: Date): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM events
     WHERE sequence IN (SELECT sequence FROM events ORDER BY sequence LIMIT ${PRUNE_BATCH}) AND created_at < ${before}`.execute(
    db,
  )
  return Number(numAffectedRows)
}

/**
 * Everything up to here is visible to the next statement. It must be a statement of its own: a snapshot is older. A
 * later answer may be lower, while a transaction announces what it has not taken yet; what was settled stays so.
 */
export async function settledSequence(db: Db): Promise<number> {
  const { rows } = await sql<{ settled: number }>`SELECT settled_event_sequence() AS settled`.execute(db)
  return rows[0]?.settled ?? 0
}
