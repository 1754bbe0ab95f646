/** Reading the log of events for a caller. */
import type { Db } from '../../db/client.ts'
import type { EventFilter, EventLog, EventRow } from '../../events/log.ts'
import type { Id } from '../../lib/ids.ts'
import type { Page, PageRequest } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import type { Scope } from '../../principal.ts'

export class EventService {
  readonly #db: Db
  readonly #events: EventLog

  constructor(db: Db, events: EventLog) {
    this.#db = db
    this.#events = events
  }

  list(principal: Scope, filter: EventFilter, page: PageRequest): Promise<Page<EventRow>> {
    return this.#events.list(this.#db, principal.environmentId, filter, page)
  }

  async get(principal: Scope, id: Id<'evt'>): Promise<EventRow> {
    const row = await this.#events.find(this.#db, principal.environmentId, id)
    if (row === undefined) throw await notFound(this.#db, principal, 'events', id)
    return row
  }
}
