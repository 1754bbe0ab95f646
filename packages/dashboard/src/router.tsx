/** The router over the files in routes/, and what every page of it shares. */
import { type AnyRoute, createRouter } from '@tanstack/react-router'
import { queryClient } from './lib/query-client.ts'
import { meQuery } from './lib/session.ts'
import { routeTree } from './routeTree.gen.ts'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { PageError } from './shell/page-error.tsx'
import { PagePending } from './shell/page-pending.tsx'

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  // What a page reads is kept by the query client, not by the router.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 200,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** The code of the page and who is signed in travel at the same time, not one after the other. */
export function preloadFirstPage(): void {
  const matches: { routeId: string }[] = router.matchRoutes(router.latestLocation)
  const routes = new Map<string, AnyRoute>(Object.entries(router.routesById))
  for (const { routeId } of matches) {
    const route = routes.get(routeId)
    // What fails here fails again, and is told, when the page is drawn.
    if (route !== undefined) void router.loadRouteChunk(route)?.catch(() => undefined)
  }
  if (matches.some(({ routeId }) => routeId === '/_shell')) void queryClient.prefetchQuery(meQuery)
}
