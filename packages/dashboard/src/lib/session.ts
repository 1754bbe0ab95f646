/** Who is signed in, where, and what they may do here. Changing place forgets everything that was known of the other. */
import { NotFoundError } from '@agentclara/sdk'
import { type Query, type QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { api } from './api.ts'
import { queryClient } from './query-client.ts'
import {
  currentEnvironment,
  type Environment,
  onEnvironmentChange,
  rememberEnvironment,
  rememberWorkspace,
} from './workspace.ts'

export type Role = 'owner' | 'admin' | 'agent' | 'viewer'

export interface Me {
  type: 'member'
  user: { id: string; name: string; email: string; email_verified: boolean; two_factor_enabled: boolean }
  workspace: { id: string; name: string; plan: string } | null
  environment: Environment
  role: Role | null
  permissions: readonly string[]
  proof: { proved_at: string; valid_until: string } | null
}

/** Throws what api.me.get does. The workspace that this tab remembers may be one that the person was removed from. */
export async function getMe(signal?: AbortSignal): Promise<Me> {
  const ask = () => api.me.get(signal === undefined ? {} : { signal })
  const answer = await ask().catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error
    rememberWorkspace(null)
    return ask()
  })
  // With a session, the answer is that of a member: pages make no requests with keys.
  return answer as unknown as Me
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getMe(signal),
  staleTime: 60_000,
})

/** Inside the shell, where someone is always signed in. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** The environment that the pages of this tab show. */
export function useEnvironment(): Environment {
  return useSyncExternalStore(onEnvironmentChange, currentEnvironment)
}

/** As the server decides: write implies read, `*` everything. */
export function can(me: Pick<Me, 'permissions'>, permission: `${string}:${'read' | 'write'}`): boolean {
  const { permissions } = me
  if (permissions.includes('*') || permissions.includes(permission)) return true
  return permission.endsWith(':read') && permissions.includes(`${permission.slice(0, -':read'.length)}:write`)
}

async function forget(client: QueryClient): Promise<void> {
  await client.cancelQueries()
  client.clear()
}

/**
 * What is in sight goes on observing its queries, so they are emptied and asked again rather than removed: else it would
 * show the other place's answers. Who one is there is known first, so that the frame doesn't vanish meanwhile.
 */
async function arrive(client: QueryClient): Promise<void> {
  const isAboutPlace = (query: Query) => query.queryKey[0] !== meQuery.queryKey[0]
  await client.cancelQueries()
  client.removeQueries({ type: 'inactive', predicate: isAboutPlace })
  await client.refetchQueries({ queryKey: meQuery.queryKey })
  void client.resetQueries({ predicate: isAboutPlace })
}

/** The pages then show the other environment; whoever calls goes to a page that exists there. */
export async function selectEnvironment(environment: Environment): Promise<void> {
  rememberEnvironment(environment)
  await arrive(queryClient)
}

export async function selectWorkspace(id: string | null): Promise<void> {
  rememberWorkspace(id)
  await arrive(queryClient)
}

/** After signing out, nothing of the person stays in this tab. */
export async function forgetSession(): Promise<void> {
  rememberWorkspace(null)
  await forget(queryClient)
}
