/** The address of the log of events says what is listed; what it can't mean is ignored. */
import { expect, test } from 'vitest'
import { objectOf, readEventSearch, summaryOf, typesOf } from './event-filter.ts'

test('known types are kept, in one order, others left out', () => {
  const filter = readEventSearch({ types: 'message.sent,nonsense,conversation.created', page: 2 })
  expect(filter).toEqual({ types: 'conversation.created,message.sent' })
  expect(typesOf(filter)).toEqual(['conversation.created', 'message.sent'])
  expect(typesOf({})).toEqual([])
})

test.each([{ types: 'nonsense' }, { types: 3 }, { conversation_id: 'x' }, {}])('%j lists all', (search) => {
  expect(readEventSearch(search)).toEqual({})
})

test('an event leads to the object it tells of, and says what it can in a line', () => {
  expect(objectOf({ message_id: 'msg_1', conversation_id: 'conv_1' })).toBe('conv_1')
  expect(objectOf({ status: 'open' })).toBeUndefined()
  expect(summaryOf({ content: 'Hello', customer_name: 'Ada' })).toBe('Hello')
  expect(summaryOf({ conversation_id: 'conv_1', handled_by: 'human', tags: ['a'] })).toBe(
    'handled_by human, tags ["a"]',
  )
})
