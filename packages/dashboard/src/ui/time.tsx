/** Times as people say them; the exact one on hover and for machines. */
import type { ReactNode } from 'react'
import { exactTime, relativeTime } from '../lib/format.ts'
import { useNow } from '../lib/now.ts'

interface RelativeTimeProps {
  at: string | Date | null
  /** What is said when there is no time. */
  empty?: ReactNode
}

export function RelativeTime({ at, empty = 'Never' }: RelativeTimeProps) {
  // The shared clock may be seconds behind what was just fetched.
  const nowMs = useNow()
  if (at === null) return <span className="text-faint">{empty}</span>
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={exactTime(date)} className="whitespace-nowrap">
      {relativeTime(date, Math.max(nowMs, Date.now()))}
    </time>
  )
}
