import { expect, it } from 'vitest'
import { readConversationFilter, viewOf, views } from './filter.ts'

it('reads from an address what is a filter, and nothing else', () => {
  expect(
    readConversationFilter({ status: 'open', handled_by: 'human', channel: 'web', tag: 'vip', page: 3 }),
  ).toEqual({ status: 'open', handled_by: 'human', channel: 'web', tag: 'vip' })
  expect(readConversationFilter({ status: 'toString', handled_by: 7, channel: ['web'], tag: '  ' })).toEqual(
    {},
  )
})

it('knows each view by its filter', () => {
  for (const { value, filter } of views) expect(viewOf(filter)).toBe(value)
  expect(viewOf({ channel: 'web' })).toBe('all')
  expect(viewOf({ status: 'closed' })).toBeUndefined()
})
