/**
 * The log of what happened: appended in the transaction of each change, read in order and without gaps. Knows no
 * feature: the names of events and their data come from the features that append them.
 */
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import type { EventsTable } from '../db/tables/events.ts'
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
  conversationId?: string | undefined
  /** Only events with a higher sequence. */
  afterSequence?: number | undefined
  order: 'asc' | 'desc'
}

export class EventLog {
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Appends in the order given. They exist when the transaction commits, and not otherwise. */
  async append(tx: Tx, environmentId: Id<'env'>, ...events: NewEvent[]): Promise<void> {
    const createdAt = new Date(this.#clock.nowMs())
    await tx
      .insertInto('events')
      .values(
        events.map((event) => ({
          id: newId('evt'),
          environment_id: environmentId,
          type: event.type,
          conversation_id: event.conversationId ?? null,
          data: JSON.stringify(event.data),
          created_at: createdAt,
        })),
      )
      .execute()
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

/** Everything up to here is visible to the next statement. It must be a statement of its own: a snapshot is older. */
async function settledSequence(db: Db): Promise<number> {
  const { rows } = await sql<{ settled: number }>`SELECT settled_event_sequence() AS settled`.execute(db)
  return rows[0]?.settled ?? 0
}
