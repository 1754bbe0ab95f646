/** What all keys of an environment were used for, together and each. */
import type { Db } from '../../db/client.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Scope } from '../../principal.ts'
import {
  countColumns,
  readUsageRange,
  type UsageCounts,
  type UsageQuery,
  type UsageRange,
} from '../../usage-counts.ts'
import { type EnvironmentUsage, readUsage } from './store.ts'

/** Keys that an answer lists. */
const MAX_KEYS = 1_000

export interface Usage extends EnvironmentUsage, UsageRange {
  totals: UsageCounts
  hasMoreKeys: boolean
}

export interface EnvironmentUsageServiceOptions {
  db: Db
  clock: Clock
  /** Writes what this node counted; other nodes are a second behind at most. */
  flushUsage(): Promise<void>
}

export class EnvironmentUsageService {
  readonly #options: EnvironmentUsageServiceOptions

  constructor(options: EnvironmentUsageServiceOptions) {
    this.#options = options
  }

  /** `keyId`: only the requests of this key. Throws `validation_failed` for a range that is empty or too long. */
  async get(scope: Scope, keyId: string | undefined, query: UsageQuery): Promise<Usage> {
    const { db, clock, flushUsage } = this.#options
    const range = readUsageRange(query, new Date(clock.nowMs()))
    await flushUsage()
    const { buckets, keys } = await readUsage(db, scope.environmentId, keyId, range, query.interval)
    return {
      ...range,
      buckets,
      keys: keys.slice(0, MAX_KEYS),
      hasMoreKeys: keys.length > MAX_KEYS,
      totals: totalsOf(buckets),
    }
  }
}

function totalsOf(rows: readonly UsageCounts[]): UsageCounts {
  const totals: UsageCounts = { requests: 0, refused: 0, rate_limited: 0, client_errors: 0, server_errors: 0 }
  for (const row of rows) for (const column of countColumns) totals[column] += row[column]
  return totals
}
