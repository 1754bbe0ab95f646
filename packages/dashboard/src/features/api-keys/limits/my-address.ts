/** The address that the server sees of this browser: what "add my address" adds. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/api.ts'

export const myAddressQuery = queryOptions({
  queryKey: ['my-address'],
  queryFn: async ({ signal }): Promise<string | null> => {
    const { data } = await api.me.sessions.list({}, { signal })
    return data.find((session) => session.is_current)?.ip ?? null
  },
  staleTime: 60_000,
})
