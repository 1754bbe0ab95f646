/** A clock that runs down to a time. */
import { useEffect, useState } from 'react'
import { exactTime } from '../../../lib/format.ts'
import { countdown } from './rotation.ts'

export function Countdown({ to }: { to: string }) {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const at = new Date(to)
  return (
    <time dateTime={to} title={exactTime(at)} className="font-medium text-text tabular">
      {countdown(at.getTime() - nowMs)}
    </time>
  )
}
