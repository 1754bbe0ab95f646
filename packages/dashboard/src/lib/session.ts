/** Who is signed in, where, and what they may do here. Changing place forgets everything that was known of the other. */
import { NotFoundError } from '@agentclara/sdk'
import { type QueryKey, queryOptions, useSuspenseQuery } from '@tanstack/react-query'
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

/** What is a person's own, wherever they work. */
const PERSONAL = new Set<unknown>(['me', 'workspaces', 'auth'])

/** Nothing of one place may be shown as another's: what is known of it goes, and what is on its way is not waited for. */
function forgetPlace(): void {
  const ofPlace = ({ queryKey }: { queryKey: QueryKey }) => !PERSONAL.has(queryKey[0])
  void queryClient.cancelQueries({ predicate: ofPlace })
  queryClient.removeQueries({ predicate: ofPlace })
}

/** The shell then draws its page anew, in the other environment. */
export function selectEnvironment(environment: Environment): void {
  forgetPlace()
  rememberEnvironment(environment)
  void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
}

/** Null: the person's first one. The shell draws its page anew once it is known who the person is there. */
export async function selectWorkspace(id: string | null): Promise<void> {
  rememberWorkspace(id)
  const me = await getMe()
  forgetPlace()
  queryClient.setQueryData(meQuery.queryKey, me)
}

/** After signing out, nothing of the person stays in this tab. */
export function forgetSession(): void {
  rememberWorkspace(null)
  void queryClient.cancelQueries()
  queryClient.clear()
}
