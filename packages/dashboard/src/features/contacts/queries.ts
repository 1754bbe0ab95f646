/** What the pages of contacts read, one factory for each. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import type { ContactFilter } from './filter.ts'

const PAGE = 50

export const contactsQuery = ({ q, tag, sort = undefined }: ContactFilter) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'list', { q, tag, sort }],
    queryFn: async ({ pageParam, signal }) =>
      await api.contacts.list(
        {
          limit: PAGE,
          ...(q !== undefined && { search: q }),
          ...(tag !== undefined && { tag }),
          ...(sort !== undefined && { sort }),
          ...(pageParam !== null && { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null, // without it the type is null alone
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  })

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ['contacts', 'one', id],
    queryFn: ({ signal }) => api.contacts.get(id, { signal }),
  })

export const contactConversationsQuery = (id: string) =>
  infiniteQueryOptions({
    // Under conversations: what changes one changes these lists, too.
    queryKey: ['conversations', 'list', 'of', id],
    queryFn: async ({ pageParam, signal }) =>
      await api.contacts.listConversations(
        id,
        { limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null, // without it the type is null alone
    getNextPageParam: (last) => last.next_cursor,
  })
