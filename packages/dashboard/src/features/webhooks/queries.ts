/** What the pages of webhooks read, one factory for each. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import type { DeliveryFilter } from './delivery-filter.ts'

export type Webhook = Awaited<ReturnType<typeof api.webhooks.get>>
export type Delivery = Awaited<ReturnType<typeof api.deliveries.get>>
export type ListedDelivery = Omit<Delivery, 'attempt_log'>
export type Attempt = Delivery['attempt_log'][number]
export type UrlCheck = Awaited<ReturnType<typeof api.webhooks.checkUrl>>
export type Recovery = Awaited<ReturnType<typeof api.recoveries.get>>
export type Explanation = Awaited<ReturnType<typeof api.events.explain>>

const PAGE = 50
/** A delivery that is under way is looked at this often; the rest when something else says that it changed. */
const WATCH_MS = 1_000
const LIST_MS = 5_000

/** All of them: an environment has a hundred at most. */
export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'list'],
  queryFn: async ({ signal }) => {
    const found: Webhook[] = []
    for await (const webhook of api.webhooks.list({ limit: 100 }, { signal })) found.push(webhook)
    return found
  },
  refetchInterval: LIST_MS,
})

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', 'one', id],
    queryFn: ({ signal }) => api.webhooks.get(id, { signal }),
    refetchInterval: LIST_MS,
  })

export const deliveriesQuery = (webhookId: string, filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', 'deliveries', webhookId, filter],
    queryFn: async ({ pageParam, signal }) =>
      await api.webhooks.listDeliveries(
        webhookId,
        { ...filter, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null, // without it the type is null alone
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    // Of what is far down nobody waits for the end: then the list stays as it was read.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 2 ? false : LIST_MS),
  })

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['deliveries', id],
    queryFn: ({ signal }) => api.deliveries.get(id, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? WATCH_MS : false),
  })

/** A test that was just sent: it is in the list once it was tried, and null until then. */
export const testDeliveryQuery = (webhookId: string, id: string) =>
  queryOptions({
    queryKey: ['webhooks', 'test', webhookId, id],
    queryFn: async ({ signal }) => {
      const { data } = await api.webhooks.listDeliveries(
        webhookId,
        { event: 'webhook.test', limit: 10 },
        { signal },
      )
      const isTried = data.some((delivery) => delivery.id === id && delivery.attempts > 0)
      return isTried ? await api.deliveries.get(id, { signal }) : null
    },
    refetchInterval: ({ state }) => (state.data?.status === 'succeeded' ? false : WATCH_MS),
  })

export const recoveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['recoveries', id],
    queryFn: ({ signal }) => api.recoveries.get(id, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? WATCH_MS : false),
  })

export const urlCheckQuery = (url: string) =>
  queryOptions({
    queryKey: ['webhooks', 'check_url', url],
    queryFn: ({ signal }) => api.webhooks.checkUrl({ url }, { signal }),
    staleTime: 30_000,
  })

export const explanationQuery = (eventId: string, webhookId: string) =>
  queryOptions({
    queryKey: ['events', 'explain', eventId, webhookId],
    queryFn: ({ signal }) => api.events.explain(eventId, { webhook_id: webhookId }, { signal }),
    refetchInterval: ({ state }) => (state.data?.verdict === 'waiting' ? 2 * WATCH_MS : false),
  })
