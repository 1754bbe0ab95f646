/** Days and hours of the overview as bars with their names. Pure. */
import type { Overview } from '@agentclara/sdk'

const dayName = new Intl.DateTimeFormat('en', {
  weekday: 'long',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
})
const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' })
const monthDay = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' })

/** More days than these get a tick a week. */
const MAX_TICKS = 10

export function dayBars(days: Overview['days']) {
  const isDense = days.length > MAX_TICKS
  return days.map(({ date, conversations }, at) => {
    // A calendar's day, whatever the time zone of this browser.
    const day = new Date(`${date}T00:00:00Z`)
    const tick = isDense ? (at % 7 === 3 ? monthDay.format(day) : undefined) : weekday.format(day)
    return { label: dayName.format(day), value: conversations, ...(tick !== undefined && { tick }) }
  })
}

const clock = (hour: number) => `${String(hour % 24).padStart(2, '0')}:00`

export function hourBars(hours: Overview['hours']) {
  return hours.map(({ hour, customer_messages: messages }) => ({
    label: `${clock(hour)} to ${clock(hour + 1)}`,
    value: messages,
    ...(hour % 6 === 0 && { tick: clock(hour) }),
  }))
}

/** `09:00 to 10:00`; null when nobody wrote. */
export function busiestHour(hours: Overview['hours']): string | null {
  const busiest = hours.toSorted((a, b) => b.customer_messages - a.customer_messages)[0]
  if (busiest === undefined || busiest.customer_messages === 0) return null
  return `${clock(busiest.hour)} to ${clock(busiest.hour + 1)}`
}
