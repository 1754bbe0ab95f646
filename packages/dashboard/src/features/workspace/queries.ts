/** What the pages of workspaces read. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'

const listWorkspaces = async () => (await api.workspaces.list({ limit: 100 })).data

export type Workspace = Awaited<ReturnType<typeof listWorkspaces>>[number]

/** Those that the person is a member of. */
export const workspacesQuery = queryOptions({ queryKey: ['workspaces'], queryFn: listWorkspaces })
