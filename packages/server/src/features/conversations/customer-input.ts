/**
 * What a customer's page may send with a client token: words of its own, and nothing that is the team's to say. What
 * a caller leaves out is filled in by who the caller is.
 */
import type { Sender } from '../../db/tables/conversations.ts'
import { ApiError } from '../../errors.ts'
import type { Principal } from '../../principal.ts'
import type { NewConversation, NewMessage } from './input.ts'
import type { ConversationFilter } from './store.ts'

/** As it is sent: who wrote it may be left out. */
export type SentMessage = Omit<NewMessage, 'sender'> & { sender?: Sender | undefined }
export type SentConversation = Omit<NewConversation, 'sender'> & { sender?: Sender | undefined }

/** Who writes what doesn't say it: a key speaks for the assistant, a member is a person. */
const TEAM_SENDERS = { api_key: 'assistant', member: 'human' } as const

/** Throws `insufficient_permissions` naming the field that is not a customer's to set. */
export function readMessage(principal: Principal, sent: SentMessage): NewMessage {
  if (principal.kind !== 'client_token')
    return { ...sent, sender: sent.sender ?? TEAM_SENDERS[principal.kind] }
  assertSenderIsCustomer(sent.sender)
  if (sent.visibility === 'internal')
    throw notForCustomers('visibility', 'Internal notes are the team’s: leave it out, or send "public".')
  assertAbsent(sent, ['metadata'])
  return { ...sent, sender: 'customer' }
}

/** As above. The customer is the token's contact. */
export function readConversation(principal: Principal, sent: SentConversation): NewConversation {
  if (principal.kind !== 'client_token')
    return { ...sent, sender: sent.sender ?? TEAM_SENDERS[principal.kind] }
  assertSenderIsCustomer(sent.sender)
  assertAbsent(sent, CUSTOMER_FIELDS, 'The conversation is with the contact that the token is bound to.')
  assertAbsent(sent, ['tags', 'metadata'])
  if (sent.channel !== 'web')
    throw notForCustomers('channel', 'A page’s conversations are on the channel "web".')
  const { subject } = principal
  // A token for one conversation starts no other: reach.ts refused it before.
  if (subject.kind !== 'contact') throw new TypeError('a token without a contact starts a conversation')
  return { ...sent, sender: 'customer', customer_id: subject.contactId }
}

/** A filter by what a customer can't see would tell it all the same. */
export function assertFilterAllowed(principal: Principal, filter: ConversationFilter): void {
  if (principal.kind === 'client_token' && filter.tag !== undefined)
    throw notForCustomers('tag', 'Tags are the team’s: list without this filter.')
}

const CUSTOMER_FIELDS = ['customer_id', 'customer_email', 'customer_phone', 'customer_name'] as const

function assertSenderIsCustomer(sender: Sender | undefined): void {
  if (sender !== undefined && sender !== 'customer')
    throw notForCustomers('sender', 'What a client token sends is the customer’s: leave `sender` out.')
}

function assertAbsent<T extends object>(
  sent: T,
  fields: readonly (keyof T & string)[],
  hint = 'Leave it out, or set it from your server, with an API key.',
): void {
  const field = fields.find((name) => sent[name] !== undefined)
  if (field !== undefined) throw notForCustomers(field, hint)
}

function notForCustomers(param: string, hint: string): ApiError {
  return new ApiError('insufficient_permissions', {
    error: `A client token can’t send this \`${param}\``,
    param,
    hint,
  })
}
