/** Going to the other environment or workspace: to the list of what one looked at, since its details are not there. */
import { useRouter } from '@tanstack/react-router'
import { selectEnvironment, selectWorkspace } from '../lib/session.ts'
import type { Environment } from '../lib/workspace.ts'
import { listPath } from './list-path.ts'

export function useSwitchPlace(): {
  toEnvironment: (environment: Environment) => Promise<void>
  toWorkspace: (id: string) => Promise<void>
} {
  const router = useRouter()
  const arrive = async () => {
    const { pathname } = router.state.location
    // The path is one of the dashboard's own, shortened.
    await router.navigate({ href: listPath(pathname) })
    await router.invalidate()
  }
  return {
    toEnvironment: async (environment) => {
      await selectEnvironment(environment)
      await arrive()
    },
    toWorkspace: async (id) => {
      await selectWorkspace(id)
      await arrive()
    },
  }
}
