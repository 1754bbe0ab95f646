/** What the shell itself reads. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'

export const myWorkspacesQuery = queryOptions({
  queryKey: ['workspaces', 'mine'],
  queryFn: async ({ signal }) => (await api.workspaces.list({}, { signal })).data,
  staleTime: 60_000,
})

const FOUND = 5

export const foundContactsQuery = (text: string) =>
  queryOptions({
    queryKey: ['contacts', 'found', text],
    queryFn: async ({ signal }) => (await api.contacts.list({ search: text, limit: FOUND }, { signal })).data,
    placeholderData: keepPreviousData,
  })

export const foundConversationsQuery = (text: string) =>
  queryOptions({
    queryKey: ['conversations', 'found', text],
    queryFn: async ({ signal }) => (await api.conversations.list({ q: text, limit: FOUND }, { signal })).data,
    placeholderData: keepPreviousData,
  })
