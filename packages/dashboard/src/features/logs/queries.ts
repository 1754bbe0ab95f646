/** What the page of logs reads. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { type LogFilter, queryOf } from './log-filter.ts'

export type RequestLogDetail = Awaited<ReturnType<typeof api.requestLogs.get>>
type Listed = Awaited<ReturnType<typeof api.requestLogs.list>>
export type RequestLog = Listed['data'][number]

const PAGE = 50
const NEWER_PAGE = 100
const MAX_NEWER_PAGES = 5
/** A request is in the log when it is over, by the time it began: slow ones come behind quick ones. */
const OVERLAP_MS = 15_000

export const logsQuery = (filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ['logs', 'list', filter],
    queryFn: async ({ pageParam, signal }) => {
      if (pageParam !== null) {
        // A cursor belongs to the very question that it came from, with the time that its range began.
        const { since, cursor } = JSON.parse(pageParam) as { since?: string; cursor: string } // written below
        const query = {
          ...queryOf(filter, Date.now()),
          ...(since !== undefined && { since }),
          limit: PAGE,
          cursor,
        }
        return withSince(await api.requestLogs.list(query, { signal }), since)
      }
      const query = queryOf(filter, Date.now())
      return withSince(await api.requestLogs.list({ ...query, limit: PAGE }, { signal }), query.since)
    },
    initialPageParam: null as string | null, // without it the type is null alone
    getNextPageParam: (last) => last.next_cursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

function withSince(page: Listed, since: string | undefined): Listed {
  const { next_cursor: cursor } = page
  return { ...page, next_cursor: cursor === null ? null : JSON.stringify({ since, cursor }) }
}

/** What came since the newest that is known, and those just before it: see OVERLAP_MS. */
export async function newerLogs(filter: LogFilter, newest: RequestLog | undefined, signal: AbortSignal) {
  const query = queryOf(filter, Date.now())
  const firstPage = async () => ({
    firstPage: withSince(await api.requestLogs.list({ ...query, limit: PAGE }, { signal }), query.since),
  })
  if (newest === undefined) return firstPage()
  const since = new Date(Date.parse(newest.created_at) - OVERLAP_MS).toISOString()
  const newer: RequestLog[] = []
  let pages = 0
  const list = api.requestLogs.list(
    { ...query, since: later(since, query.since), limit: NEWER_PAGE },
    { signal },
  )
  for await (const page of list.pages()) {
    newer.push(...page.data)
    pages += 1
    if (pages === MAX_NEWER_PAGES && page.has_more) return firstPage()
  }
  return { newer }
}

/** ISO 8601 in UTC compares as text. */
function later(a: string, b: string | undefined): string {
  return b !== undefined && b > a ? b : a
}

/** As the server sorts. */
export function compareLogs(a: RequestLog, b: RequestLog): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1
  return a.id < b.id ? 1 : -1
}

export const requestLogQuery = (id: string) =>
  queryOptions({
    queryKey: ['logs', 'one', id],
    queryFn: ({ signal }) => api.requestLogs.get(id, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** To choose from, and to name keys by. */
export const keyNamesQuery = queryOptions({
  queryKey: ['api-keys', 'names'],
  queryFn: async ({ signal }) => {
    const names = new Map<string, string>()
    for await (const { id, name } of api.apiKeys.list({ limit: 100 }, { signal })) {
      names.set(id, name)
      if (names.size >= 500) break
    }
    return names
  },
  staleTime: 60_000,
})
