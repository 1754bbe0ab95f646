/** The end of a list that has more: a button that fetches on, and says when it failed. */
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'

type Infinite = Pick<
  UseInfiniteQueryResult,
  'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error'
> & { fetchNextPage: () => unknown }

export function LoadMore({ query }: { query: Infinite }) {
  if (query.isFetchNextPageError)
    return <ErrorNotice error={query.error} onRetry={() => query.fetchNextPage()} />
  if (!query.hasNextPage) return null
  return (
    <div className="flex justify-center pt-4">
      <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Load more
      </Button>
    </div>
  )
}
