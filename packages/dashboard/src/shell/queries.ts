/** What the shell itself reads. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'

export const myWorkspacesQuery = queryOptions({
  queryKey: ['workspaces', 'mine'],
  queryFn: async ({ signal }) => (await api.workspaces.list({}, { signal })).data,
  staleTime: 60_000,
})

const FOUND = 5
const LATEST = 100

export const foundContactsQuery = (text: string) =>
  queryOptions({
    queryKey: ['contacts', 'found', text],
    queryFn: async ({ signal }) => (await api.contacts.list({ search: text, limit: FOUND }, { signal })).data,
    placeholderData: keepPreviousData,
  })

/** The latest, among which the palette looks: customers are found by name, and lead to all of theirs. */
export const latestConversationsQuery = queryOptions({
  queryKey: ['conversations', 'list', 'latest'],
  queryFn: async ({ signal }) =>
    (await api.conversations.list({ sort: 'updated', limit: LATEST }, { signal })).data,
})
