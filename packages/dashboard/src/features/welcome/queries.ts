/** What the first steps look at: what is there decides what is done. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'

const POLL_MS = 1_500

/** The latest key that still works, whoever made it; null when there is none. */
export const latestKeyQuery = queryOptions({
  queryKey: ['welcome', 'key'],
  queryFn: async () => {
    const { data } = await api.apiKeys.list({ status: 'not_ended', limit: 1 })
    return data[0] ?? null
  },
})

/** A key until it was used, then the first request that it made. */
export function firstRequestQuery(keyId: string) {
  return queryOptions({
    queryKey: ['welcome', 'first-request', keyId],
    queryFn: async () => {
      const { data } = await api.requestLogs.list({ api_key_id: keyId, limit: 1 })
      return data[0] ?? null
    },
    refetchInterval: (query) => (query.state.data === null ? POLL_MS : false),
    staleTime: 0,
  })
}

export const hasConversationQuery = queryOptions({
  queryKey: ['welcome', 'conversation'],
  queryFn: async () => (await api.conversations.list({ limit: 1 })).data.length > 0,
})

export const hasWebhookQuery = queryOptions({
  queryKey: ['welcome', 'webhook'],
  queryFn: async () => (await api.webhooks.list({ limit: 1 })).data.length > 0,
})
