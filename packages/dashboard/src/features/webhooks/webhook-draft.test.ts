/** What a form about a webhook sends: what was typed, and of a change nothing that wasn't changed. */
import { expect, test } from 'vitest'
import type { Webhook } from './queries.ts'
import { changesOf, draftOf, draftProblems, fieldsOf, newDraft } from './webhook-draft.ts'

const webhook = {
  url: 'https://example.com/hooks',
  events: ['message.sent', 'message.received'],
  description: null,
  notify_email: null,
  max_per_second: 5,
} as unknown as Webhook // the fields that a draft reads

test('a new webhook is sent with what was typed, trimmed', () => {
  const headers = [
    { id: 1, name: ' Authorization ', value: 'Bearer x ' },
    { id: 2, name: '', value: 'left over' },
  ]
  expect(fieldsOf({ ...newDraft, url: ' https://a.example ', isToldOfAll: true, headers }, true)).toEqual({
    url: 'https://a.example',
    events: ['*'],
    description: null,
    max_per_second: null,
    notify_email: null,
    headers: { Authorization: 'Bearer x' },
  })
})

test('a change holds what was changed, and headers only when they are replaced', () => {
  expect(changesOf(draftOf(webhook), webhook, false)).toEqual({})
  expect(changesOf({ ...draftOf(webhook), description: 'CRM' }, webhook, false)).toEqual({
    description: 'CRM',
  })
  expect(changesOf({ ...draftOf(webhook), maxPerSecond: '' }, webhook, true)).toEqual({
    max_per_second: null,
    headers: {},
  })
})

test.each([
  [{ url: '' }, 'url'],
  [{ url: 'https://x', events: new Set<string>() }, 'events'],
  [{ url: 'https://x', maxPerSecond: '0' }, 'max_per_second'],
  [{ url: 'https://x', maxPerSecond: '1001' }, 'max_per_second'],
  [{ url: 'https://x', maxPerSecond: '1.5' }, 'max_per_second'],
])('%j is refused before it is sent, at its field', (fields, name) => {
  expect(Object.keys(draftProblems({ ...newDraft, ...fields }))).toEqual([name])
})

test('1 and 1000 requests a second are limits like others', () => {
  for (const maxPerSecond of ['1', '1000', '']) {
    expect(draftProblems({ ...newDraft, url: 'https://x', maxPerSecond })).toEqual({})
  }
})
