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
  const leaveDetails = async () => {
    const { pathname, search } = router.state.location
    const path = listPath(pathname)
    // The path is one of the dashboard's own, shortened. What a search names may not be there, either.
    if (path !== pathname || Object.keys(search).length > 0) await router.navigate({ href: path })
  }
  return {
    toEnvironment: async (environment) => {
      await leaveDetails()
      selectEnvironment(environment)
    },
    toWorkspace: async (id) => {
      await leaveDetails()
      await selectWorkspace(id)
    },
  }
}
