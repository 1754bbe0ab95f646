/** Reading request logs for a caller. */
import type { Db } from '../../db/client.ts'
import { invalidField } from '../../errors.ts'
import { plainAddress } from '../../lib/cidr.ts'
import { type Id, idTimeMs, isId } from '../../lib/ids.ts'
import type { Page, PageRequest } from '../../lib/page.ts'
import { within } from '../../lib/within.ts'
import { notFound } from '../../not-found.ts'
import type { Scope } from '../../principal.ts'
import { keptIdempotencyKey } from './rows.ts'
import { type ListedRow, listRequestLogs, type RequestLogRow, selectRequestLog } from './store.ts'

/** Ids are made when a request arrives, which is when it is counted, up to clocks that are set and keys that are looked up. */
const SKEW_MS = 3_600_000

/** How long a reader waits for what isn't written yet. */
const FLUSH_WAIT_MS = 1_000

export interface ListQuery {
  /** `404`, or `4xx`. */
  status?: string | undefined
  outcome?: 'succeeded' | 'failed' | undefined
  code?: string | undefined
  method?: string | undefined
  endpoint?: string | undefined
  /** A part of it. */
  path?: string | undefined
  api_key_id?: string | undefined
  since?: string | undefined
  until?: string | undefined
  idempotency_key?: string | undefined
  ip?: string | undefined
}

export interface RequestLogServiceOptions {
  db: Db
  /** Writes what this node noted; other nodes are a second behind. */
  flush(): Promise<void>
}

export class RequestLogService {
  readonly #options: RequestLogServiceOptions

  constructor(options: RequestLogServiceOptions) {
    this.#options = options
  }

  async list(scope: Scope, query: ListQuery, page: PageRequest): Promise<Page<ListedRow>> {
    const { db } = this.#options
    const { code, method, endpoint, path, api_key_id: apiKeyId, ip } = query
    const since = query.since === undefined ? undefined : new Date(query.since)
    const until = query.until === undefined ? undefined : new Date(query.until)
    if (since !== undefined && until !== undefined && since >= until) {
      throw invalidField('since', 'must be before `until`')
    }
    await this.#flushed()
    return listRequestLogs(
      db,
      scope.environmentId,
      {
        statuses: statusesOf(query),
        code,
        method,
        endpoint,
        path,
        apiKeyId,
        since,
        until,
        idempotencyKey: keptIdempotencyKey(query.idempotency_key),
        address: ip === undefined ? undefined : plainAddress(ip),
      },
      page,
    )
  }

  async get(scope: Scope, id: string): Promise<RequestLogRow> {
    const { db } = this.#options
    await this.#flushed()
    const row = isId('req', id) ? await this.#find(scope, id) : undefined
    if (row === undefined) throw await notFound(db, scope, 'request_logs', id)
    return row
  }

  /** Others may have noted so much that a reader would wait long. */
  #flushed(): Promise<void> {
    return within(this.#options.flush(), FLUSH_WAIT_MS, undefined)
  }

  #find({ environmentId }: Scope, id: Id<'req'>): Promise<RequestLogRow | undefined> {
    const [since, until] = timesOf(id)
    return selectRequestLog(this.#options.db, environmentId, id, since, until).executeTakeFirst()
  }
}

/** When a request of this id can have been counted. */
export function timesOf(id: Id<'req'>): [since: Date, until: Date] {
  const madeMs = idTimeMs(id)
  return [new Date(madeMs - SKEW_MS), new Date(madeMs + SKEW_MS)]
}

/** Both may be given: what fits both. */
function statusesOf({ status, outcome }: ListQuery): readonly [number, number] | undefined {
  if (status === undefined && outcome === undefined) return undefined
  const [low, high] = outcome === 'failed' ? [400, 599] : outcome === 'succeeded' ? [100, 399] : [100, 599]
  if (status === undefined) return [low, high]
  const first = Number(status.replace('xx', '00'))
  return [Math.max(low, first), Math.min(high, status.endsWith('xx') ? first + 99 : first)]
}
