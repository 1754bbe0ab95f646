/**
 * A list that grows at its top while it is looked at: what is new is asked for every two seconds, and put into the
 * pages that were read, so that nothing is read twice and what was scrolled to stays.
 */
import { type InfiniteData, type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query'

const LOOK_MS = 2_000
/** Then the list begins anew: a page that is left open for days doesn't fill the browser. */
const MAX_ITEMS = 3_000

export interface ListPage<T> {
  data: T[]
  has_more: boolean
  next_cursor: string | null
}

type Pages<T> = InfiniteData<ListPage<T>, string | null>

interface LiveListOptions<T> {
  /** Of the infinite query. */
  listKey: QueryKey
  isLive: boolean
  /** What came after the newest that is known, some of the known with it; or the first page, when that is too much to tell. */
  readNewer: (
    newest: T | undefined,
    signal: AbortSignal,
  ) => Promise<{ newer: T[] } | { firstPage: ListPage<T> }>
  /** Newest first, as the server sorts. */
  compare: (a: T, b: T) => number
}

/** Says whether looking failed: the list stays as it was. */
export function useLiveList<T extends { id: string }>({
  listKey,
  isLive,
  readNewer,
  compare,
}: LiveListOptions<T>) {
  const queryClient = useQueryClient()
  return useQuery({
    queryKey: ['newer', ...listKey],
    enabled: isLive,
    refetchInterval: LOOK_MS,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const before = queryClient.getQueryData<Pages<T>>(listKey)
      if (before === undefined) return 0
      const found = await readNewer(before.pages[0]?.data[0], signal)
      queryClient.setQueryData<Pages<T>>(listKey, (pages) => {
        if ('firstPage' in found) return { pages: [found.firstPage], pageParams: [null] }
        return pages === undefined ? undefined : withNewer(pages, found.newer, compare)
      })
      return Date.now()
    },
  })
}

/** The same object when nothing is new: nothing is drawn again. */
export function withNewer<T extends { id: string }>(
  pages: Pages<T>,
  newer: readonly T[],
  compare: (a: T, b: T) => number,
): Pages<T> {
  const [first, ...rest] = pages.pages
  if (first === undefined) return pages
  const known = new Set(pages.pages.flatMap((page) => page.data.map((item) => item.id)))
  const fresh = newer.filter((item) => !known.has(item.id))
  if (fresh.length === 0) return pages
  const data = [...fresh, ...first.data].sort(compare)
  return { ...pages, pages: [{ ...first, data }, ...rest] }
}

export function isTooLong<T>(pages: readonly ListPage<T>[]): boolean {
  return pages.reduce((sum, page) => sum + page.data.length, 0) > MAX_ITEMS
}
