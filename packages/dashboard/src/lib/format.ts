/** Numbers, times and lists in words. Pure: the present time is an argument. */

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const dateInYear = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })
const dateWithYear = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', year: 'numeric' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' })
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** To the second, with the time zone. */
export function exactTime(date: Date): string {
  return exact.format(date)
}

/** Hours and minutes, on the clock of this browser. */
export function clockTime(date: Date): string {
  return clock.format(date)
}

/** `just now`, `4 min ago`, `in 3 h`, `yesterday`, `Mar 4`, `Mar 4, 2024`. */
export function relativeTime(date: Date, nowMs: number): string {
  const awayMs = date.getTime() - nowMs
  const distanceMs = Math.abs(awayMs)
  const say = (amount: number, unit: string) =>
    awayMs < 0 ? `${amount} ${unit} ago` : `in ${amount} ${unit}`
  if (distanceMs < 45 * SECOND_MS) return awayMs <= 0 ? 'just now' : 'in a moment'
  if (distanceMs < 59.5 * MINUTE_MS) return say(Math.max(1, Math.round(distanceMs / MINUTE_MS)), 'min')
  if (distanceMs < 23.5 * HOUR_MS) return say(Math.round(distanceMs / HOUR_MS), 'h')
  const days = Math.max(1, Math.round(distanceMs / DAY_MS))
  if (days === 1) return awayMs < 0 ? 'yesterday' : 'tomorrow'
  if (days <= 30) return say(days, 'days')
  return shortDate(date, nowMs)
}

/** `Mar 4`, with the year when it is another one. */
export function shortDate(date: Date, nowMs: number): string {
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear()
  return (isThisYear ? dateInYear : dateWithYear).format(date)
}

/** `1,234` */
export function number(value: number): string {
  return whole.format(value)
}

/** `1.2K` */
export function shortNumber(value: number): string {
  return compact.format(value)
}

/** `1 key`, `2 keys`; a noun with another plural gives it. */
export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${number(value)} ${value === 1 ? noun : plural}`
}

/** `58 %` of a share between 0 and 1. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** `640 ms`, `4.2 s`, `3 min`, `2 h 10 min`, `3 days`. */
export function duration(durationMs: number): string {
  if (durationMs < SECOND_MS) return `${Math.round(durationMs)} ms`
  if (durationMs < 10 * SECOND_MS) return `${(durationMs / SECOND_MS).toFixed(1)} s`
  if (durationMs < 59.5 * SECOND_MS) return `${Math.round(durationMs / SECOND_MS)} s`
  if (durationMs < 59.5 * MINUTE_MS) return `${Math.round(durationMs / MINUTE_MS)} min`
  if (durationMs < 24 * HOUR_MS) {
    const minutes = Math.round(durationMs / MINUTE_MS)
    const rest = minutes % 60
    return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`
  }
  return count(Math.round(durationMs / DAY_MS), 'day')
}

/** `812 B`, `14 KiB`, `2.3 MiB`. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} KiB`
  return `${(size / 1024 / 1024).toFixed(1)} MiB`
}
