/** What the pages of API keys read. Secrets are in no answer of these: they are shown by the dialog that made them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import type { Status } from './status.ts'
import { type UsageRange, usageQuery } from './usage/series.ts'

export type ApiKey = Awaited<ReturnType<typeof api.apiKeys.get>>
export type ApiKeyUsage = Awaited<ReturnType<typeof api.apiKeys.usage>>
export type SecretUsage = ApiKeyUsage['secrets'][number]
export type PermissionTable = Awaited<ReturnType<typeof api.permissions.list>>
export type AuditEntry = Awaited<ReturnType<typeof api.apiKeys.auditOf>>['data'][number]

/** How often what is shown is asked for again: while something is under way, and else. */
const LIVE_MS = 2_500
const CALM_MS = 8_000
const PAGE_SIZE = 50

/** Everything about keys: what a change makes stale. */
export const apiKeysKey = ['api-keys'] as const

export interface KeyFilter {
  status: Status | 'not_ended' | 'all'
  search: string
}

export const keysQuery = ({ status, search }: KeyFilter) =>
  infiniteQueryOptions({
    queryKey: [...apiKeysKey, 'list', status, search],
    queryFn: async ({ pageParam, signal }) =>
      await api.apiKeys.list(
        {
          limit: PAGE_SIZE,
          ...(status !== 'all' && { status }),
          ...(search !== '' && { search }),
          ...(pageParam !== null && { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: CALM_MS,
  })

export const keyQuery = (id: string) =>
  queryOptions({
    queryKey: [...apiKeysKey, 'one', id],
    queryFn: ({ signal }) => api.apiKeys.get(id, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'rotating' ? LIVE_MS : CALM_MS),
  })

/** Counts, clients, and the cockpit of a rotation. */
export const keyUsageQuery = (id: string, range: UsageRange) =>
  queryOptions({
    queryKey: [...apiKeysKey, 'usage', id, range],
    queryFn: ({ signal }) => api.apiKeys.usage(id, usageQuery(range, Date.now()), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.rotation == null ? CALM_MS : LIVE_MS),
  })

export const suggestionQuery = (id: string) =>
  queryOptions({
    queryKey: [...apiKeysKey, 'suggestion', id],
    queryFn: ({ signal }) => api.apiKeys.suggestedPermissions(id, { signal }),
    refetchInterval: 60_000,
  })

export const auditQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...apiKeysKey, 'audit', id],
    queryFn: async ({ pageParam, signal }) =>
      await api.apiKeys.auditOf(
        id,
        { limit: 20, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  })

export const keySettingsQuery = queryOptions({
  queryKey: [...apiKeysKey, 'settings'],
  queryFn: ({ signal }) => api.apiKeys.getSettings({ signal }),
})

/** The same for everybody, and for as long as the server runs. */
export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  queryFn: ({ signal }) => api.permissions.list({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
})
