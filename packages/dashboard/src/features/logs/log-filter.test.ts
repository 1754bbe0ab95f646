/** The address of the logs says what is listed; what it can't mean is ignored. */
import { expect, test } from 'vitest'
import { filterOf, isOver, queryOf, readLogSearch, toIso, toLocal } from './log-filter.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')

test('what an address says is kept, numbers too, and what makes no sense is left out', () => {
  const said = { status: 404, method: 'POST', path: '/v1/contacts', range: '1h', request: 'req_1' }
  expect(readLogSearch({ ...said, x: 1 })).toEqual({ ...said, status: '404' })
  expect(
    readLogSearch({ status: 'bad', method: 'get', range: '1y', since: 'yesterday', code: 'a b' }),
  ).toEqual({})
})

test('opening a request leaves the list as it is', () => {
  expect(filterOf({ status: '4xx', request: 'req_1' })).toEqual({ status: '4xx' })
})

test('a range ends now, and comes before a time that is also given', () => {
  expect(queryOf({ range: '1h', until: '2020-01-01T00:00Z', status: '5xx' }, NOW_MS)).toEqual({
    status: '5xx',
    since: '2026-03-01T11:00:00.000Z',
  })
  expect(queryOf({ until: '2026-01-01T00:00Z' }, NOW_MS)).toEqual({ until: '2026-01-01T00:00Z' })
})

test('only what ended before now is over', () => {
  expect(isOver({ until: '2026-03-01T11:59Z' }, NOW_MS)).toBe(true)
  expect(isOver({ until: '2026-03-01T12:01Z' }, NOW_MS)).toBe(false)
  expect(isOver({ range: '1h', until: '2026-01-01T00:00Z' }, NOW_MS)).toBe(false)
})

test('a time of the field and of the address are the same instant', () => {
  expect(toIso(toLocal('2026-03-01T12:34:00.000Z'))).toBe('2026-03-01T12:34:00.000Z')
  expect([toIso(''), toLocal(undefined)]).toEqual(['', ''])
})
