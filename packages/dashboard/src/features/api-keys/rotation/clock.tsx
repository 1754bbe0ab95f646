/** Clocks that go by the second: one that runs down to a time, one that runs up from it. */
import { useEffect, useState } from 'react'
import { exactTime, relativeTime } from '../../../lib/format.ts'
import { countdown } from './rotation.ts'

export function Countdown({ to }: { to: string }) {
  const at = new Date(to)
  return (
    <time dateTime={to} title={exactTime(at)} className="font-medium text-text tabular">
      {countdown(at.getTime() - useSeconds())}
    </time>
  )
}

/** `now`, `8 s ago`, then as other times are told. */
export function Elapsed({ since }: { since: string }) {
  const at = new Date(since)
  const nowMs = useSeconds()
  const seconds = Math.floor((nowMs - at.getTime()) / 1000)
  return (
    <time dateTime={since} title={exactTime(at)} className="whitespace-nowrap tabular">
      {seconds < 2 ? 'now' : seconds < 90 ? `${seconds} s ago` : relativeTime(at, nowMs)}
    </time>
  )
}

function useSeconds(): number {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
