/** What the pages of events read. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import type { EventFilter } from './event-filter.ts'

export type Event = Awaited<ReturnType<typeof api.events.get>>

const PAGE = 50
/** What is asked for of the new at once. */
const NEWER_PAGE = 100

/** Events never change. */
export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['events', 'one', id],
    queryFn: ({ signal }) => api.events.get(id, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const latestEventsQuery = queryOptions({
  queryKey: ['events', 'latest'],
  queryFn: async ({ signal }) => (await api.events.list({ limit: 10 }, { signal })).data,
})

export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ['events', 'list', filter],
    queryFn: async ({ pageParam, signal }) =>
      await api.events.list(
        { ...filter, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null, // without it the type is null alone
    getNextPageParam: (last) => last.next_cursor,
    // The newest come by `newerEvents`; what was read stays.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

/** Exactly those after the newest that is known: sequences leave no gap that is filled later. */
export async function newerEvents(filter: EventFilter, newest: Event | undefined, signal: AbortSignal) {
  if (newest === undefined)
    return { firstPage: await api.events.list({ ...filter, limit: PAGE }, { signal }) }
  const after = { ...filter, after_sequence: newest.sequence, order: 'asc', limit: NEWER_PAGE } as const
  const page = await api.events.list(after, { signal })
  return page.has_more
    ? { firstPage: await api.events.list({ ...filter, limit: PAGE }, { signal }) }
    : { newer: page.data }
}
