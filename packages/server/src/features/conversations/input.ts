/** Reads what a caller sends about a conversation: judged as a whole, each refusal naming the field. */
import type { Channel, ConversationStatus, Sender, Visibility } from '../../db/tables/conversations.ts'
import { invalidField } from '../../errors.ts'
import { fieldsProblem, type JsonObject, mergeFields } from '../../lib/json.ts'
import type { CustomerReference } from '../contacts/input.ts'
import type { ContactService } from '../contacts/service.ts'

export type ReplyMode = 'async' | 'wait' | 'none'

export interface NewConversation {
  channel: Channel
  customer_phone?: string | undefined
  customer_email?: string | undefined
  customer_id?: string | undefined
  customer_name?: string | undefined
  subject?: string | undefined
  message?: string | undefined
  sender: Sender
  tags?: string[] | undefined
  metadata?: JsonObject | undefined
  reply?: ReplyMode | undefined
}

export interface NewMessage {
  content: string
  sender: Sender
  visibility: Visibility
  metadata?: JsonObject | undefined
  reply?: ReplyMode | undefined
}

export interface ConversationChange {
  status?: Exclude<ConversationStatus, 'snoozed'> | undefined
  customer_name?: string | undefined
  tags?: string[] | undefined
  remove_tags?: string[] | undefined
  subject?: string | null | undefined
  metadata?: JsonObject | undefined
}

const MAX_TAGS = 50

/** The known contact that is named, or what the customer is found or created by. */
export function readCustomer(
  input: NewConversation,
  contacts: ContactService,
): { contactId: string } | ({ contactId: undefined } & CustomerReference) {
  const { channel, customer_id: contactId, customer_phone, customer_email, customer_name } = input
  const customer = { customer_phone, customer_email, customer_name }
  if (contactId !== undefined) {
    const other = Object.entries(customer).find(([, value]) => value !== undefined)
    if (other !== undefined)
      throw invalidField(other[0], 'can’t be combined with `customer_id`', 'Send one of the two.')
    return { contactId }
  }
  if ((channel === 'sms' || channel === 'voice') && customer_phone === undefined) {
    throw invalidField('customer_phone', `is required for the channel ${channel}`)
  }
  if (channel === 'email' && customer_email === undefined)
    throw invalidField('customer_email', 'is required for the channel email')
  return { contactId: undefined, ...contacts.readReference(customer) }
}

export function assertReplyFits(reply: ReplyMode | undefined, sender: Sender, hasMessage: boolean): void {
  if (reply !== 'wait') return
  if (!hasMessage) throw invalidField('reply', 'can’t be "wait" without a `message`')
  if (sender !== 'customer') {
    throw invalidField(
      'reply',
      `can’t be "wait" for a message of the ${sender}`,
      'Clara answers customers: add "sender": "customer" (without it, the sender is the assistant).',
    )
  }
}

export function assertVisibilityFits(visibility: Visibility, sender: Sender): void {
  if (visibility === 'internal' && sender === 'customer') {
    throw invalidField(
      'visibility',
      'can’t be "internal" for a message of the customer',
      'Internal notes are the team’s: set `sender` to "human" or "assistant".',
    )
  }
}

/** `change` over `current`; null removes a field. */
export function mergeMetadata(current: JsonObject, change: JsonObject): JsonObject {
  const merged = mergeFields(current, change)
  const problem = fieldsProblem(merged)
  if (problem !== undefined) throw invalidField('metadata', problem)
  return merged
}

/** Trimmed, each once, in the order they came. What is both added and removed is not there. */
export function changeTags(
  current: string[],
  added: string[] | undefined = [],
  removed: string[] | undefined = [],
): string[] {
  const gone = new Set(removed.map((tag) => tag.trim()))
  const all = new Set([...current, ...added.map((tag) => tag.trim())])
  const kept = [...all].filter((tag) => !gone.has(tag))
  if (kept.length > MAX_TAGS) throw invalidField('tags', `would be more than ${MAX_TAGS}`)
  return kept
}
