/** What the pages of conversations read, one factory for each. */
import type { ConversationWithMessages, Message } from '@agentclara/sdk'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import type { ConversationFilter } from './filter.ts'

const PAGE = 30
const MESSAGE_PAGE = 50

export const conversationsQuery = (filter: ConversationFilter) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'list', filter],
    queryFn: async ({ pageParam, signal }) =>
      await api.conversations.list(
        { ...filter, sort: 'updated', limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null, // without it the type is null alone
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  })

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversations', 'one', id],
    queryFn: ({ signal }): Promise<ConversationWithMessages> => api.conversations.get(id, { signal }),
  })

/** Messages before those that come with the conversation, the latest of them first. */
export const earlierMessagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'earlier', id],
    queryFn: async ({ pageParam, signal }) =>
      await api.conversations.messages.list(
        id,
        { order: 'desc', limit: MESSAGE_PAGE, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null, // without it the type is null alone
    getNextPageParam: (last) => last.next_cursor,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** All that were read, each once, in the order they were written: ids sort by time. */
export function inOrder(...lists: readonly (readonly Message[])[]): Message[] {
  const byId = new Map(lists.flat().map((message) => [message.id, message]))
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
