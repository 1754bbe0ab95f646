import type { Contact } from '@agentclara/sdk'
import { expect, it } from 'vitest'
import { bodyOf, draftOf, emptyDraft } from './contact-draft.ts'

const contact: Contact = {
  id: 'cust_01jq3v4p5zeq8s2n7r6t9w0abc',
  name: 'Ada',
  email: 'ada@example.com',
  phone: null,
  emails: ['ada@example.com', 'countess@example.com'],
  phones: [],
  tags: ['vip', 'maths'],
  custom_fields: { plan: 'gold', visits: 3, notes: { last: 'May' } },
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  conversation_count: 0,
  last_conversation: null,
}

it('what nobody changed in the form is sent as it was', () => {
  expect(bodyOf(draftOf(contact), contact)).toEqual({
    name: 'Ada',
    emails: contact.emails,
    phones: [],
    tags: contact.tags,
    custom_fields: contact.custom_fields,
  })
})

it('fields that were taken out are removed, new ones are text, and those without a name are nothing', () => {
  const draft = draftOf(contact)
  const fields = [
    ...draft.fields.filter(({ name }) => name !== 'plan'),
    { key: 9, name: ' city ', value: 'London' },
    { key: 10, name: ' ', value: 'lost' },
  ]
  expect(bodyOf({ ...draft, fields }, contact).custom_fields).toEqual({
    plan: null,
    visits: 3,
    notes: { last: 'May' },
    city: 'London',
  })
})

it('addresses may stand on lines or between commas, tags between commas, once each', () => {
  expect(
    bodyOf({
      ...emptyDraft,
      name: ' Grace ',
      emails: 'a@example.com, b@example.com\n\n',
      phones: '+1 415 555 2671',
      tags: 'navy, navy , cobol,',
    }),
  ).toEqual({
    name: 'Grace',
    emails: ['a@example.com', 'b@example.com'],
    phones: ['+1 415 555 2671'],
    tags: ['navy', 'cobol'],
    custom_fields: {},
  })
})
