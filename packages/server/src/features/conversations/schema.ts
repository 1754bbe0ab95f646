/** Conversations and messages on the wire. */
import { type Static, Type } from 'typebox'
import type { StoredCitation } from '../../db/tables/conversations.ts'
import { jsonObject, nullable, oneOf, pageQuery, ref, strict, timestamp } from '../../http/schemas.ts'
import type { ConversationRow, MessageRow } from './store.ts'

const channels = ['sms', 'email', 'instagram', 'facebook', 'whatsapp', 'voice', 'web'] as const
const statuses = ['open', 'pending', 'snoozed', 'resolved', 'closed'] as const
const handlers = ['clara', 'human', 'none'] as const

const content = Type.String({
  minLength: 1,
  maxLength: 20_000,
  pattern: '\\S',
  description: 'The text of the message.',
})
const tags = Type.Array(Type.String({ minLength: 1, maxLength: 50, pattern: '\\S' }), { maxItems: 50 })
const subject = Type.String({ maxLength: 300 })
const metadata = jsonObject(
  'Up to 50 fields of your own, 16 KiB as JSON. An update merges them; null removes one.',
)
const customerName = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })

const reply = oneOf(['async', 'wait', 'none'], {
  default: 'async',
  description:
    'How Clara answers a customer’s message: `async` later, as a message and an event; `wait` in this answer (up to 60 s, then 202 and later); `none` not at all.',
})

/** Left out, it depends on who calls: a schema's default can't say that. */
const sender = (description: string) =>
  oneOf(['customer', 'assistant', 'human'], {
    description: `${description} Left out: the assistant, or the customer with a client token, which can send nothing else.`,
  })

export const ConversationParams = Type.Object({
  id: Type.String({ description: 'The conversation’s id, `conv_…`.' }),
})
export const ContactParams = Type.Object({ id: Type.String({ description: 'The contact’s id, `cust_…`.' }) })

export const ListConversationsQuery = strict({
  ...pageQuery,
  channel: Type.Optional(oneOf(channels)),
  status: Type.Optional(oneOf(statuses)),
  customer_id: Type.Optional(Type.String({ maxLength: 100 })),
  handled_by: Type.Optional(oneOf(handlers)),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 50, pattern: '\\S' })),
  updated_after: Type.Optional(timestamp('Only conversations that changed after it.')),
  sort: oneOf(['created', 'updated'], {
    default: 'created',
    description: 'Newest first by creation or by last change.',
  }),
})

export const ContactConversationsQuery = strict(pageQuery)

export const CreateConversationBody = strict({
  channel: oneOf(channels),
  customer_phone: Type.Optional(Type.String({ maxLength: 50, description: 'Needed for sms and voice.' })),
  customer_email: Type.Optional(Type.String({ maxLength: 254, description: 'Needed for email.' })),
  customer_id: Type.Optional(Type.String({ description: 'A known contact, instead of phone and e-mail.' })),
  customer_name: Type.Optional(customerName),
  subject: Type.Optional(subject),
  message: Type.Optional(content),
  sender: Type.Optional(sender('Who wrote `message`.')),
  tags: Type.Optional(tags),
  metadata: Type.Optional(metadata),
  reply: Type.Optional(reply),
})

export const UpdateConversationBody = strict(
  {
    status: Type.Optional(oneOf(['open', 'pending', 'resolved', 'closed'])),
    customer_name: Type.Optional(customerName),
    tags: Type.Optional(Type.Unsafe<string[]>({ ...tags, description: 'Tags to add.' })),
    remove_tags: Type.Optional(Type.Unsafe<string[]>({ ...tags, description: 'Tags to remove.' })),
    subject: Type.Optional(nullable(subject)),
    metadata: Type.Optional(metadata),
  },
  { minProperties: 1 },
)

export const SendMessageBody = strict({
  content,
  sender: Type.Optional(sender('Who wrote it.')),
  visibility: oneOf(['public', 'internal'], {
    default: 'public',
    description: '`internal` is a note for the team.',
  }),
  metadata: Type.Optional(metadata),
  reply: Type.Optional(reply),
})

export const HandoffBody = nullable(
  strict({
    reason: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description: 'Why a person is needed.' }),
    ),
  }),
)

export const ListMessagesQuery = strict({
  ...pageQuery,
  order: oneOf(['desc', 'asc'], {
    default: 'desc',
    description: 'Newest first, or in the order they were written.',
  }),
})

export const Message = Type.Object(
  {
    id: Type.String(),
    conversation_id: Type.String(),
    sender: oneOf(['customer', 'assistant', 'human']),
    content: Type.String(),
    timestamp: timestamp('When it was written.'),
    visibility: oneOf(['public', 'internal']),
    citations: Type.Array(Type.Unsafe<StoredCitation>({ $ref: 'Citation#' }), {
      description: 'What Clara’s answer rests on.',
    }),
    metadata: jsonObject('Your own fields.'),
  },
  { $id: 'Message' },
)

const Turn = Type.Object(
  {
    id: Type.String(),
    status: oneOf(['running', 'succeeded', 'handed_off', 'superseded', 'failed']),
  },
  { $id: 'Turn', description: 'Clara’s work on the answer to one customer message.' },
)

const turnFields = {
  turn: Type.Optional(
    Type.Unsafe<Static<typeof Turn> | null>({ anyOf: [{ $ref: 'Turn#' }, { type: 'null' }] }),
  ),
  reply: Type.Optional(
    Type.Unsafe<Static<typeof Message> | null>({ anyOf: [{ $ref: 'Message#' }, { type: 'null' }] }),
  ),
}

export const SentMessage = Type.Object({ ...Message.properties, ...turnFields }, { $id: 'SentMessage' })

const conversationFields = {
  id: Type.String(),
  customer_id: nullable(Type.String()),
  customer_name: nullable(Type.String()),
  customer_email: nullable(Type.String()),
  customer_phone: nullable(Type.String()),
  channel: oneOf(channels),
  subject: nullable(Type.String()),
  last_message: nullable(Type.String()),
  timestamp: timestamp('The latest message, or the creation.'),
  status: oneOf(statuses),
  unread: Type.Boolean({ description: 'A customer wrote and nobody has read it.' }),
  handled_by: oneOf(handlers),
  handoff: Type.Unsafe<{ reason: string | null; requested_at: string } | null>({
    type: ['object', 'null'],
    description: 'Why and when a person was asked for, while one handles the conversation.',
    properties: {
      reason: { type: ['string', 'null'] },
      requested_at: { type: 'string', format: 'date-time' },
    },
    required: ['reason', 'requested_at'],
  }),
  tags: Type.Array(Type.String()),
  metadata: jsonObject('Your own fields.'),
  created_at: timestamp('When it began.'),
  updated_at: timestamp('When it last changed.'),
}

export const Conversation = Type.Object(conversationFields, { $id: 'Conversation' })
export const StartedConversation = Type.Object(
  { ...conversationFields, ...turnFields },
  { $id: 'StartedConversation' },
)
export const ConversationWithMessages = Type.Object(
  {
    ...conversationFields,
    messages: Type.Array(ref(Message), { description: 'The latest 100, in the order they were written.' }),
    has_more_messages: Type.Boolean(),
  },
  { $id: 'ConversationWithMessages' },
)

export const conversationSchemas = [
  Turn,
  Message,
  SentMessage,
  Conversation,
  StartedConversation,
  ConversationWithMessages,
]

export function conversationToWire(row: ConversationRow): Static<typeof Conversation> {
  return {
    id: row.id,
    customer_id: row.contact_id,
    customer_name: row.customer_name,
    customer_email: row.customer_email,
    customer_phone: row.customer_phone,
    channel: row.channel,
    subject: row.subject,
    last_message: row.last_message,
    timestamp: row.last_activity_at.toISOString(),
    status: row.status,
    unread: row.unread,
    handled_by: row.handled_by,
    handoff:
      row.handoff_requested_at === null
        ? null
        : { reason: row.handoff_reason, requested_at: row.handoff_requested_at.toISOString() },
    tags: row.tags,
    metadata: row.metadata,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

export function messageToWire(row: MessageRow): Static<typeof Message> {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    sender: row.sender,
    content: row.content,
    timestamp: row.created_at.toISOString(),
    visibility: row.visibility,
    citations: row.citations,
    metadata: row.metadata,
  }
}
