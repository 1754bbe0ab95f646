/** The shape of a page while its code is on its way. */
import { Skeleton } from '../ui/skeleton.tsx'

export function PagePending() {
  return (
    <div role="status" className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-8">
      <span className="sr-only">Loading…</span>
      <Skeleton className="h-7 w-48" />
      <Skeleton className="mt-3 h-4 w-80 max-w-full" />
      <Skeleton className="mt-8 h-56 w-full rounded-lg" />
    </div>
  )
}
