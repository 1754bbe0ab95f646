/** What an environment's conversations come to: who waits, how many there were, how they went. */
import type { Db } from '../../db/client.ts'
import { invalidField } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Scope } from '../../principal.ts'
import { countByDay, countByHour, type DayCount, findTimeZone } from './figures.ts'
import * as store from './store.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 7
const MAX_DAYS = 31
/** Rates, times and hours of more conversations than these would say the same and cost more. */
const MAX_READ = 10_000

export interface OverviewQuery {
  since?: string | undefined
  until?: string | undefined
  time_zone?: string | undefined
}

export interface Overview extends store.Range, store.Present, store.Outcomes {
  timeZone: string
  conversations: number
  newContacts: number
  customerMessages: number
  days: DayCount[]
  hours: number[]
}

export class OverviewService {
  readonly #db: Db
  readonly #clock: Clock

  constructor({ db, clock }: { db: Db; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  /** Throws `validation_failed` for a range that is empty or longer than 31 days, or a zone that doesn't exist. */
  async get({ environmentId }: Scope, query: OverviewQuery): Promise<Overview> {
    const range = readRange(query, this.#clock.nowMs())
    const timeZone = findTimeZone(query.time_zone ?? 'UTC')
    if (timeZone === null)
      throw invalidField('time_zone', 'must be the name of a time zone, such as Europe/Berlin')
    const [present, begun, newContacts, outcomes, messages] = await Promise.all([
      store.readPresent(this.#db, environmentId),
      store.countBegun(this.#db, environmentId, range),
      store.countNewContacts(this.#db, environmentId, range),
      store.readOutcomes(this.#db, environmentId, range, MAX_READ),
      store.countCustomerMessages(this.#db, environmentId, range, MAX_READ),
    ])
    return {
      ...range,
      timeZone,
      ...present,
      ...outcomes,
      conversations: sum(begun),
      newContacts,
      customerMessages: sum(messages),
      days: countByDay(begun, { ...range, timeZone }),
      hours: countByHour(messages, timeZone),
    }
  }
}

function readRange({ since, until }: OverviewQuery, nowMs: number): store.Range {
  const end = until === undefined ? new Date(nowMs) : new Date(until)
  const begin = since === undefined ? new Date(end.getTime() - DEFAULT_DAYS * DAY_MS) : new Date(since)
  if (begin >= end) throw invalidField('since', 'must be before `until`')
  if (end.getTime() - begin.getTime() > MAX_DAYS * DAY_MS)
    throw invalidField('since', `must be at most ${MAX_DAYS} days before \`until\``)
  return { since: begin, until: end }
}

function sum(counts: readonly { count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0)
}
