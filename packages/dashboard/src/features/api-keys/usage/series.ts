/** Counts of requests as a chart and a table show them: every interval there is, also those without a request. Pure. */

export type UsageRange = '24h' | '7d' | '30d'
export const usageRanges: readonly { value: UsageRange; label: string }[] = [
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
]

/** What a request ended as, in the order in which a bar is stacked. */
export const outcomes = [
  { name: 'succeeded', label: 'Succeeded', meaning: '2xx and 3xx' },
  { name: 'client_errors', label: 'Client errors', meaning: '4xx but the next two' },
  { name: 'refused', label: 'Refused', meaning: '401 and 403' },
  { name: 'rate_limited', label: 'Rate limited', meaning: '429' },
  { name: 'server_errors', label: 'Server errors', meaning: '5xx' },
] as const

export type Outcome = (typeof outcomes)[number]['name']
export type Counts = Record<Outcome, number>

export interface Bucket extends Counts {
  start: string
}

export interface Point extends Counts {
  startMs: number
  endMs: number
  requests: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How each range is asked for, and how wide a bar is. */
const spans = {
  '24h': { interval: 'hour', widthMs: HOUR_MS, bars: 24 },
  '7d': { interval: 'hour', widthMs: 6 * HOUR_MS, bars: 28 },
  '30d': { interval: 'day', widthMs: DAY_MS, bars: 30 },
} as const

/** Ends with the bar that is under way. Days are UTC days, as they are counted. */
export function usageWindow(range: UsageRange, nowMs: number): { sinceMs: number; untilMs: number } {
  const { widthMs, bars } = spans[range]
  const lastMs = Math.floor(nowMs / widthMs) * widthMs
  return { sinceMs: lastMs - (bars - 1) * widthMs, untilMs: lastMs + widthMs }
}

export function usageQuery(range: UsageRange, nowMs: number): { since: string; interval: 'hour' | 'day' } {
  const { sinceMs } = usageWindow(range, nowMs)
  return { since: new Date(sinceMs).toISOString(), interval: spans[range].interval }
}

/** One point for each bar of the range, oldest first. */
export function toSeries(buckets: readonly Bucket[], range: UsageRange, nowMs: number): Point[] {
  const { sinceMs } = usageWindow(range, nowMs)
  const { widthMs, bars } = spans[range]
  const points = Array.from({ length: bars }, (_, index) => ({
    startMs: sinceMs + index * widthMs,
    endMs: sinceMs + (index + 1) * widthMs,
    ...noCounts,
    requests: 0,
  }))
  for (const bucket of buckets) {
    const point = points[Math.floor((Date.parse(bucket.start) - sinceMs) / widthMs)]
    if (point !== undefined) add(point, bucket)
  }
  return points
}

export function totalOf(points: readonly Point[]): Counts & { requests: number } {
  const total = { ...noCounts, requests: 0 }
  for (const point of points) add(total, point)
  return total
}

const noCounts: Counts = { succeeded: 0, client_errors: 0, refused: 0, rate_limited: 0, server_errors: 0 }

function add(to: Counts & { requests: number }, counts: Counts): void {
  for (const { name } of outcomes) {
    to[name] += counts[name]
    to.requests += counts[name]
  }
}

/** `14:00` of a day, `Tue 14:00` of a week, `12 Mar` of a month; days in UTC. */
export function pointLabel({ startMs }: { startMs: number }, range: UsageRange, locale?: string): string {
  const options: Record<UsageRange, Intl.DateTimeFormatOptions> = {
    '24h': { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    '7d': { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    '30d': { day: 'numeric', month: 'short', timeZone: 'UTC' },
  }
  return new Intl.DateTimeFormat(locale, options[range]).format(startMs)
}
