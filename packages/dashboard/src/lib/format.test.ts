import { describe, expect, it } from 'vitest'
import { bytes, count, duration, percent, relativeTime } from './format.ts'

const now = Date.parse('2026-06-15T12:00:00Z')
const at = (offsetMs: number) => relativeTime(new Date(now + offsetMs), now)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('times and amounts in words', () => {
  it('says times as people do, before and after the present', () => {
    expect([0, -30_000, -50_000, -4 * MINUTE, -59 * MINUTE, -59.6 * MINUTE, -5 * HOUR].map(at)).toEqual([
      'just now',
      'just now',
      '1 min ago',
      '4 min ago',
      '59 min ago',
      '1 h ago',
      '5 h ago',
    ])
    expect([-DAY, -3 * DAY, -45 * DAY, -400 * DAY].map(at)).toEqual([
      'yesterday',
      '3 days ago',
      'May 1',
      'May 11, 2025',
    ])
    expect([10_000, 3 * MINUTE, DAY, 7 * DAY].map(at)).toEqual([
      'in a moment',
      'in 3 min',
      'tomorrow',
      'in 7 days',
    ])
  })

  it('says durations and sizes in the unit that fits', () => {
    expect([12, 1_500, 42_000, 3 * MINUTE, 130 * MINUTE, 2 * HOUR, DAY, 3 * DAY].map(duration)).toEqual([
      '12 ms',
      '1.5 s',
      '42 s',
      '3 min',
      '2 h 10 min',
      '2 h',
      '1 day',
      '3 days',
    ])
    expect([512, 14_400, 2_500_000].map(bytes)).toEqual(['512 B', '14 KiB', '2.4 MiB'])
    expect([count(1, 'key'), count(1_200, 'key'), count(2, 'reply', 'replies'), percent(0.584)]).toEqual([
      '1 key',
      '1,200 keys',
      '2 replies',
      '58 %',
    ])
  })
})
