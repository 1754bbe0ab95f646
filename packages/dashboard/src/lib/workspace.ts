/** Where a person works in this tab: the workspace and its environment. A new tab begins where the last one was. */
import { useSyncExternalStore } from 'react'
import { remembered } from './remembered.ts'

export type Environment = 'test' | 'live'

const workspace = remembered('workspace', { scope: 'tab' })
const environment = remembered('environment', { scope: 'tab' })

export function currentEnvironment(): Environment {
  return environment.get() === 'live' ? 'live' : 'test'
}

/** The environment that the pages show. */
export function useEnvironment(): Environment {
  return useSyncExternalStore(environment.subscribe, currentEnvironment)
}

export function currentWorkspaceId(): string | null {
  return workspace.get()
}

export function rememberEnvironment(value: Environment): void {
  environment.set(value)
}

/** Null: the person's first one. */
export function rememberWorkspace(id: string | null): void {
  workspace.set(id)
}

/** What tells the server where a request belongs. */
export function placeHeaders(): Record<string, string> {
  const id = workspace.get()
  return {
    'AgentClara-Environment': currentEnvironment(),
    ...(id !== null && { 'AgentClara-Workspace': id }),
  }
}
