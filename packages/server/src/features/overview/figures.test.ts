import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countByDay, countByHour, findTimeZone, placeClock } from './figures.ts'

const at = (text: string, count = 1) => ({ start: new Date(text), count })

test('only names of time zones are time zones', () => {
  expect(['UTC', 'Europe/Berlin', 'Asia/Kathmandu'].map(findTimeZone)).not.toContain(null)
  expect(['+02:00', '-5', '', 'Mars/Olympus', "UTC'; DROP TABLE"].map(findTimeZone)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ])
})

test('hours and days are those of the place, also beside UTC by quarters of an hour', () => {
  const read = placeClock('Asia/Kathmandu')
  expect(read(new Date('2026-03-08T18:15:00Z'))).toEqual({ date: '2026-03-09', hour: 0 })
  expect(read(new Date('2026-03-08T18:14:59Z'))).toEqual({ date: '2026-03-08', hour: 23 })
  expect(countByHour([at('2026-03-08T18:15:00Z', 3), at('2026-03-08T18:00:00Z')], 'Asia/Kathmandu')).toEqual([
    3,
    ...Array(22).fill(0),
    1,
  ])
})

test('days without any are there, on days of 23 and 25 hours, too', () => {
  const range = (since: string, until: string) => ({
    since: new Date(since),
    until: new Date(until),
    timeZone: 'America/New_York',
  })
  const dates = (since: string, until: string) => countByDay([], range(since, until)).map((day) => day.date)
  // Clocks go forward on 8 March and back on 1 November.
  expect(dates('2026-03-07T05:00:00Z', '2026-03-10T04:00:00Z')).toEqual([
    '2026-03-07',
    '2026-03-08',
    '2026-03-09',
  ])
  expect(dates('2026-10-31T04:00:00Z', '2026-11-03T05:00:00Z')).toEqual([
    '2026-10-31',
    '2026-11-01',
    '2026-11-02',
  ])
})

test('nothing is lost between quarters, days and hours', () => {
  const since = new Date('2026-03-01T00:00:00Z')
  const until = new Date('2026-04-01T00:00:00Z')
  const quarters = fc.array(fc.record({ at: fc.nat(31 * 96 - 1), count: fc.nat(50) }), { maxLength: 60 })
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Chatham')
  fc.assert(
    fc.property(quarters, zones, (found, timeZone) => {
      const counts = found.map(({ at, count }) => ({
        start: new Date(since.getTime() + at * 900_000),
        count,
      }))
      const total = found.reduce((sum, { count }) => sum + count, 0)
      const days = countByDay(counts, { since, until, timeZone })
      expect(days.reduce((sum, { count }) => sum + count, 0)).toBe(total)
      expect(countByHour(counts, timeZone).reduce((sum, count) => sum + count, 0)).toBe(total)
      expect(new Set(days.map(({ date }) => date)).size).toBe(days.length)
    }),
  )
})
