/** What the cockpit says is what the server decides by. */
import { describe, expect, test } from 'vitest'
import { checksOf, countdown, duration } from './rotation.ts'

const rotation = (stragglers: number, idle_seconds: number) => ({
  is_safe_to_finish: false,
  idle_seconds,
  still_on_old_secret: Array.from({ length: stragglers }, () => ({})),
})

describe('the checks', () => {
  test('all are met when every client has moved and the old secret was quiet for ten minutes', () => {
    expect(checksOf(rotation(0, 600), true).every(({ isMet }) => isMet)).toBe(true)
    expect(checksOf(rotation(0, 599), true).map(({ isMet }) => isMet)).toEqual([true, true, false])
  })

  test('while a client has not moved, quiet takes ninety minutes', () => {
    const [, moved, quiet] = checksOf(rotation(1, 2_700), true)
    expect(moved).toMatchObject({ isMet: false, text: 'One client has not been seen with the new secret.' })
    expect(quiet).toMatchObject({ isMet: false, progress: 0.5 })
    expect(checksOf(rotation(2, 5_400), false).map(({ isMet }) => isMet)).toEqual([false, false, true])
  })
})

test.each([
  [1, '1 second'],
  [119, '119 seconds'],
  [120, '2 minutes'],
  [7_199, '119 minutes'],
  [3_600, '1 hour'],
  [7_200, '2 hours'],
  [172_800, '2 days'],
])('%i s is %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test.each([
  [-5, '0:00'],
  [1, '0:01'],
  [249_000, '4:09'],
  [3_840_000, '1 h 04 min'],
  [604_800_000, '7 d 0 h'],
])('%i ms are counted down as %s', (ms, text) => {
  expect(countdown(ms)).toBe(text)
})
