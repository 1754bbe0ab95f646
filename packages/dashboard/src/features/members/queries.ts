/** What the pages of members read. Workspaces have tens of members: the pages show them all. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { type PermissionTable, permissionsQuery } from '../api-keys/queries.ts'

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: () => Array.fromAsync(api.members.list({ limit: 100 })),
})

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: () => Array.fromAsync(api.invitations.list({ limit: 100 })),
})

/** What each role may do, those who may do the most first. */
export const rolesQuery = queryOptions({
  ...permissionsQuery,
  select: ({ roles }: PermissionTable) => roles,
})

type ItemOf<T extends AsyncIterable<unknown>> = T extends AsyncIterable<infer Item> ? Item : never

export type Member = ItemOf<ReturnType<typeof api.members.list>>
export type Invitation = ItemOf<ReturnType<typeof api.invitations.list>>
