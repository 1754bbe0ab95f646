import { expect, it } from 'vitest'
import { busiestHour, dayBars, hourBars } from './bars.ts'

const hours = (counts: Record<number, number>) =>
  Array.from({ length: 24 }, (_, hour) => ({ hour, customer_messages: counts[hour] ?? 0 }))

it('names each day of a week, and of a month one a week', () => {
  const days = (length: number) =>
    Array.from({ length }, (_, at) => ({
      date: `2026-03-${String(at + 1).padStart(2, '0')}`,
      conversations: at,
    }))
  expect(dayBars(days(2))).toEqual([
    { label: 'Sunday, Mar 1', value: 0, tick: 'Sun' },
    { label: 'Monday, Mar 2', value: 1, tick: 'Mon' },
  ])
  expect(dayBars(days(31)).flatMap(({ tick }) => tick ?? [])).toEqual(['Mar 4', 'Mar 11', 'Mar 18', 'Mar 25'])
})

it('says when customers write most, and nothing when nobody wrote', () => {
  expect(busiestHour(hours({ 9: 4, 23: 7 }))).toBe('23:00 to 00:00')
  expect(busiestHour(hours({}))).toBeNull()
  expect(hourBars(hours({ 9: 4 }))[9]).toEqual({ label: '09:00 to 10:00', value: 4 })
})
