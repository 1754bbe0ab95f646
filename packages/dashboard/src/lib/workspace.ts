/** Where a person works in this tab: the workspace and its environment. A new tab begins where the last one was. */
import { remembered } from './remembered.ts'

export type Environment = 'test' | 'live'

const workspace = remembered('workspace', { scope: 'tab' })
const environment = remembered('environment', { scope: 'tab' })

export function currentEnvironment(): Environment {
  return environment.get() === 'live' ? 'live' : 'test'
}

export const onEnvironmentChange = environment.subscribe

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
