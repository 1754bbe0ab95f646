/** From counts by quarter of an hour to days and hours of a place. Pure: every time zone's offset is whole quarters. */

export interface QuarterCount {
  /** Begin of the quarter. */
  start: Date
  count: number
}

export interface DayCount {
  /** `2026-03-08`, in the place's calendar. */
  date: string
  count: number
}

const HOUR_MS = 3_600_000

/** Null for a name that is no time zone. Offsets such as `+02:00` are none: they mean opposite things in different places. */
export function findTimeZone(name: string): string | null {
  if (!/^[A-Za-z]/.test(name)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

/** What a clock and a calendar in the zone say. */
export function placeClock(timeZone: string): (at: Date) => { date: string; hour: number } {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  })
  return (at) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
    for (const { type, value } of format.formatToParts(at)) parts[type] = value
    const { year = '', month = '', day = '', hour = '' } = parts
    return { date: `${year.padStart(4, '0')}-${month}-${day}`, hour: Number(hour) }
  }
}

/** Every day that the range touches, also those without any, oldest first. */
export function countByDay(
  counts: readonly QuarterCount[],
  { since, until, timeZone }: { since: Date; until: Date; timeZone: string },
): DayCount[] {
  const read = placeClock(timeZone)
  const days = new Map<string, number>()
  for (let ms = since.getTime(); ms < until.getTime(); ms += HOUR_MS) days.set(read(new Date(ms)).date, 0)
  days.set(read(new Date(until.getTime() - 1)).date, 0)
  for (const { start, count } of counts) {
    const { date } = read(start)
    days.set(date, (days.get(date) ?? 0) + count)
  }
  return [...days].map(([date, count]) => ({ date, count })).toSorted((a, b) => (a.date < b.date ? -1 : 1))
}

/** 24 counts, the first from midnight to one o'clock. */
export function countByHour(counts: readonly QuarterCount[], timeZone: string): number[] {
  const read = placeClock(timeZone)
  const hours = Array.from({ length: 24 }, () => 0)
  for (const { start, count } of counts) {
    const { hour } = read(start)
    hours[hour] = (hours[hour] ?? 0) + count
  }
  return hours
}
