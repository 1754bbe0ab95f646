/** When something happened to the second, for logs: the time of today, with the date before that. */
import { exactTime } from '../lib/format.ts'

const time = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })
const dateAndTime = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

export function ClockTime({ at }: { at: string }) {
  const date = new Date(at)
  const isToday = date.toDateString() === new Date().toDateString()
  return (
    <time dateTime={at} title={exactTime(date)} className="whitespace-nowrap tabular">
      {(isToday ? time : dateAndTime).format(date)}
    </time>
  )
}
