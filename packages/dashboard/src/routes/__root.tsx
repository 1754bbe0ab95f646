/** What is on every page, inside the shell or not. */
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, Outlet } from '@tanstack/react-router'
import { useFocusAfterNavigation } from '../shell/focus.ts'
import { Toaster } from '../ui/toaster.tsx'

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Root })

function Root() {
  useFocusAfterNavigation()
  return (
    <>
      <Outlet />
      <Toaster />
    </>
  )
}
