/** What the page of usage reads. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { usageQuery as queryOf, type UsageRange } from '../api-keys/usage/series.ts'

export type Usage = Awaited<ReturnType<typeof api.usage.get>>
export type KeyUsage = Usage['keys'][number]

const CALM_MS = 10_000

/** `keyId`: of one key alone. */
export const usageQuery = (range: UsageRange, keyId: string | undefined) =>
  queryOptions({
    queryKey: ['usage', range, keyId ?? null],
    queryFn: ({ signal }) =>
      api.usage.get(
        { ...queryOf(range, Date.now()), ...(keyId !== undefined && { api_key_id: keyId }) },
        { signal },
      ),
    placeholderData: keepPreviousData,
    refetchInterval: CALM_MS,
  })
