/** Contacts on the wire. */
import { type Static, Type } from 'typebox'
import { jsonObject, nullable, oneOf, pageQuery, strict, timestamp } from '../../http/schemas.ts'
import { MAX_ADDRESSES } from './input.ts'
import type { ContactRow } from './store.ts'

const name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'What the contact is called.',
})
const email = Type.String({ maxLength: 254, description: 'The first of `emails`; null for none.' })
const phone = Type.String({
  maxLength: 50,
  description:
    'The first of `phones`; null for none. Any way of writing it; without + it is a number of the default country.',
})

/** All optional: what creating and updating have in common. */
const fields = {
  email: Type.Optional(nullable(email)),
  phone: Type.Optional(nullable(phone)),
  emails: Type.Optional(
    Type.Array(Type.String({ maxLength: 254 }), {
      maxItems: MAX_ADDRESSES,
      description: 'All e-mail addresses. With `email`, that one is put first.',
    }),
  ),
  phones: Type.Optional(
    Type.Array(Type.String({ maxLength: 50 }), {
      maxItems: MAX_ADDRESSES,
      description: 'All phone numbers. With `phone`, that one is put first.',
    }),
  ),
  tags: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 50, pattern: '\\S' }), {
      maxItems: 50,
      description: 'All tags. An update replaces them.',
    }),
  ),
  custom_fields: Type.Optional(
    jsonObject('Up to 50 fields of your own, 16 KiB as JSON. An update merges them; null removes one.'),
  ),
}

export const ContactParams = Type.Object({ id: Type.String({ description: 'The contact’s id, `cust_…`.' }) })

export const ListContactsQuery = strict({
  ...pageQuery,
  search: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Only contacts whose name, e-mail or phone contains it, whatever its case.',
    }),
  ),
  tag: Type.Optional(
    Type.String({ minLength: 1, maxLength: 50, description: 'Only contacts with this tag.' }),
  ),
  sort: oneOf(['created', 'updated', 'name'], {
    default: 'created',
    description: 'Newest first by creation or by last change, or by name from A to Z.',
  }),
})

export const SearchContactsQuery = strict({
  ...pageQuery,
  q: Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: '\\S',
    description: 'Part of a name, an e-mail address or a phone number.',
  }),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 10, description: 'Entries on a page.' }),
})

export const CreateContactBody = strict({ name, ...fields })

export const UpdateContactBody = strict({ name: Type.Optional(name), ...fields }, { minProperties: 1 })

export const Contact = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    email: nullable(Type.String({ description: 'The first of `emails`.' })),
    phone: nullable(Type.String({ description: 'The first of `phones`.' })),
    emails: Type.Array(Type.String(), { description: 'In lower case.' }),
    phones: Type.Array(Type.String(), { description: 'In E.164, such as +14155552671.' }),
    tags: Type.Array(Type.String()),
    custom_fields: jsonObject('Your own fields.'),
    created_at: timestamp('When it was made.'),
    updated_at: timestamp('When it was last changed.'),
    conversation_count: Type.Integer(),
    last_conversation: nullable(timestamp('The latest activity in its conversations; null without any.')),
  },
  { $id: 'Contact' },
)

export function toWire(row: ContactRow): Static<typeof Contact> {
  return {
    id: row.id,
    name: row.name,
    email: row.emails[0] ?? null,
    phone: row.phones[0] ?? null,
    emails: row.emails,
    phones: row.phones,
    tags: row.tags,
    custom_fields: row.custom_fields,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    conversation_count: row.conversation_count,
    last_conversation: row.last_conversation?.toISOString() ?? null,
  }
}
