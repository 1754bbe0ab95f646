/** What the sign-in pages read. */
import { queryOptions } from '@tanstack/react-query'
import { auth } from './auth.ts'

export const authConfigQuery = queryOptions({
  queryKey: ['auth', 'config'],
  queryFn: auth.config,
  staleTime: 60_000,
})
