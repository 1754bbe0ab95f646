/** What Home reads. */
import type { Overview } from '@agentclara/sdk'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'

const MINUTE_MS = 60_000
/** How many that wait are listed. */
const WAITING = 5

const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** The begin of the day so many days ago, by the clock of this browser. */
function midnight(daysAgo: number): Date {
  const day = new Date()
  day.setHours(0, 0, 0, 0)
  day.setDate(day.getDate() - daysAgo)
  return day
}

/** Of the last so many days, today among them, in the time zone of this browser. */
export const overviewQuery = (days: 7 | 30) =>
  queryOptions({
    queryKey: ['overview', days],
    queryFn: ({ signal }): Promise<Overview> =>
      api.overview.get({ since: midnight(days - 1).toISOString(), time_zone: timeZone }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: MINUTE_MS,
  })

/** Under the lists of conversations: what changes one changes this, too. */
export const waitingQuery = queryOptions({
  queryKey: ['conversations', 'list', 'waiting'],
  queryFn: async ({ signal }) =>
    (
      await api.conversations.list(
        { status: 'open', handled_by: 'human', sort: 'updated', limit: WAITING },
        { signal },
      )
    ).data,
})
