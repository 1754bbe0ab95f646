/** Events in words, and found by what people type. */
import { expect, test } from 'vitest'
import { describeEvents, eventGroups, eventInWords, eventTypes, searchGroups } from './event-types.ts'

test('every type is in exactly one group, and has words', () => {
  expect(eventGroups.flatMap((group) => group.types).toSorted()).toEqual(eventTypes.toSorted())
  for (const type of eventTypes) expect(eventInWords(type)).toMatch(/^[A-Z]/)
  expect(eventInWords('constructor')).toBeUndefined()
})

test.each([
  [['*'], 'All events'],
  [['message.received'], 'message.received'],
  [['message.received', 'message.sent'], 'All message events'],
  [['contact.created', 'message.sent', 'api_key.leaked'], 'contact.created, message.sent, api_key.leaked'],
  [
    ['contact.created', 'message.sent', 'api_key.leaked', 'api_key.revoked'],
    'contact.created, message.sent and 2 more',
  ],
])('%j is said as %s', (events, text) => expect(describeEvents(events)).toBe(text))

test('a type is found by its name, its words and its group', () => {
  const found = (text: string) => searchGroups(text).flatMap((group) => group.types)
  expect(found('leak')).toEqual(['api_key.leaked'])
  expect(found('customer wrote')).toEqual(['message.received'])
  expect(found('API keys')).toHaveLength(12)
  expect(found('')).toHaveLength(eventTypes.length)
  expect(found('nothing of that')).toEqual([])
})
