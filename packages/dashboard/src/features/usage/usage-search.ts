/** What the page of usage shows, as its address says it. Pure. */
import { type UsageRange, usageRanges } from '../api-keys/usage/series.ts'

export interface UsageSearch {
  range?: UsageRange
  key?: string
}

/** Takes an address that anybody may have written: what makes no sense is left out. */
export function readUsageSearch(search: Record<string, unknown>): UsageSearch {
  const range = usageRanges.find(({ value }) => value === search.range)?.value
  const { key } = search
  return {
    ...(range !== undefined && { range }),
    ...(typeof key === 'string' && /^key_\w{1,60}$/.test(key) && { key }),
  }
}

const perMinute: Record<string, number> = { standard: 1_000, enterprise: 10_000 }

/** What a key of a plan may ask in a minute, unless its own limit is lower. Undefined for a plan that isn't known here. */
export function planLimit(plan: string): number | undefined {
  return Object.hasOwn(perMinute, plan) ? perMinute[plan] : undefined
}
