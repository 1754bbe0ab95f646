/** Which requests are listed, as the page's address says it. Pure: the present time is an argument. */

export interface LogFilter {
  /** `404`, or `4xx`. */
  status?: string
  code?: string
  method?: Method
  /** A part of it. */
  path?: string
  api_key_id?: string
  range?: Range
  /** ISO 8601. With `range` these are not used. */
  since?: string
  until?: string
}

export interface LogSearch extends LogFilter {
  /** What is open beside the list. */
  request?: string
}

export const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD'] as const
export type Method = (typeof methods)[number]

const MINUTE_MS = 60_000
const rangeMs = {
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '24h': 24 * 60 * MINUTE_MS,
  '7d': 7 * 24 * 60 * MINUTE_MS,
} as const
export type Range = keyof typeof rangeMs

/** Takes an address that anybody may have written: what makes no sense is left out. */
export function readLogSearch(search: Record<string, unknown>): LogSearch {
  const text = (name: string, pattern: RegExp) => {
    // A number in an address is read as such: ?status=404.
    const value = typeof search[name] === 'number' ? String(search[name]) : search[name]
    return typeof value === 'string' && pattern.test(value) ? value : undefined
  }
  const found = {
    status: text('status', /^[1-5](?:\d\d|xx)$/),
    code: text('code', /^\w{1,64}$/),
    method: methods.find((method) => method === search.method),
    path: text('path', /^.{1,200}$/),
    api_key_id: text('api_key_id', /^key_\w{1,60}$/),
    range: (Object.keys(rangeMs) as Range[]).find((range) => range === search.range), // its own keys
    since: text('since', ISO),
    until: text('until', ISO),
    request: text('request', /^req_\w{1,60}$/),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as LogSearch // of `found`, without what is undefined
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/

export function filterOf({ request: _open, ...filter }: LogSearch): LogFilter {
  return filter
}

/** As the API takes it. A range ends now, so it is computed when it is asked for. */
export function queryOf({ range, since, until, ...rest }: LogFilter, nowMs: number) {
  if (range !== undefined) return { ...rest, since: new Date(nowMs - rangeMs[range]).toISOString() }
  return { ...rest, ...(since !== undefined && { since }), ...(until !== undefined && { until }) }
}

/** Nothing new can come: it lies in the past. */
export function isOver({ range, until }: LogFilter, nowMs: number): boolean {
  return range === undefined && until !== undefined && Date.parse(until) < nowMs
}

/** `2026-03-01T12:30` of a field on this browser's clock to ISO 8601, and back; empty for none. */
export function toIso(local: string): string {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

export function toLocal(iso: string | undefined): string {
  if (iso === undefined) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16)
}
