/** Counts of requests by outcome, wherever usage is told: their columns, their fields on the wire, the range of a question. */
import { Type } from 'typebox'
import { invalidField } from './errors.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const DEFAULT_DAYS = 30

/** Of table api_key_usage. What isn't counted as one of the failures succeeded. */
export const countColumns = ['requests', 'refused', 'rate_limited', 'client_errors', 'server_errors'] as const

export type UsageCounts = Record<(typeof countColumns)[number], number>

export const countFields = {
  requests: Type.Integer({ description: 'All of them.' }),
  succeeded: Type.Integer(),
  refused: Type.Integer({ description: '401 and 403.' }),
  rate_limited: Type.Integer({ description: '429.' }),
  client_errors: Type.Integer({ description: 'Other 4xx.' }),
  server_errors: Type.Integer({ description: '5xx.' }),
}

/** A sum() of bigint is numeric, which arrives as text. */
export function readCounts(row: Record<keyof UsageCounts, number | string>): UsageCounts {
  return {
    requests: Number(row.requests),
    refused: Number(row.refused),
    rate_limited: Number(row.rate_limited),
    client_errors: Number(row.client_errors),
    server_errors: Number(row.server_errors),
  }
}

export function countsToWire({ requests, refused, rate_limited, client_errors, server_errors }: UsageCounts) {
  return {
    requests,
    succeeded: requests - refused - rate_limited - client_errors - server_errors,
    refused,
    rate_limited,
    client_errors,
    server_errors,
  }
}

export interface UsageRange {
  since: Date
  until: Date
}

export interface UsageQuery {
  since?: string | undefined
  until?: string | undefined
  interval: 'hour' | 'day'
}

/**
 * By default the last day by hour, or the last 30 days by day. At most 31 days of hours, or 400 of days. It begins with a
 * full hour. Throws `validation_failed`.
 */
export function readUsageRange({ since, until, interval }: UsageQuery, now: Date): UsageRange {
  const end = until === undefined ? now : new Date(until)
  const spanMs = interval === 'hour' ? DAY_MS : DEFAULT_DAYS * DAY_MS
  const begin = since === undefined ? new Date(end.getTime() - spanMs) : new Date(since)
  if (begin >= end) throw invalidField('since', 'must be before `until`')
  const mostDays = interval === 'hour' ? 31 : 400
  if (end.getTime() - begin.getTime() > mostDays * DAY_MS) {
    throw invalidField('since', `must be at most ${mostDays} days before \`until\` with this interval`)
  }
  return { since: new Date(begin.getTime() - (begin.getTime() % HOUR_MS)), until: end }
}
