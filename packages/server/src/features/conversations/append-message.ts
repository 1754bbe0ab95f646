/**
 * Appends one message to a locked conversation: the message, what it changes in the conversation, the turn that it
 * starts and the events that tell of it, all in the caller's transaction.
 */
import type { Tx } from '../../db/client.ts'
import type { Sender, StoredCitation, Visibility } from '../../db/tables/conversations.ts'
import type { EventLog, NewEvent } from '../../events/log.ts'
import { type Id, newId, newIdAt } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { EnvironmentName } from '../../principal.ts'
import { afterMessage, type ConversationState, startsTurn, transition } from './state.ts'
import { insertMessage, type LockedConversation, type MessageRow, updateConversation } from './store.ts'
import { type ClaimedTurn, insertTurn } from './turn-store.ts'

export interface MessageDraft {
  sender: Sender
  visibility: Visibility
  content: string
  metadata: JsonObject
  citations: StoredCitation[]
  turnId: Id<'turn'> | null
  /** False when nobody wants Clara to answer this message. */
  wantsReply: boolean
  /** Set when Clara gives the conversation to a person with this message. */
  handoffReason?: string
}

export interface AppendedMessage {
  message: MessageRow
  turn: ClaimedTurn | undefined
}

/** Characters of a message that lists of conversations show. */
const LAST_MESSAGE_LENGTH = 1_000

export async function appendMessage(
  tx: Tx,
  events: EventLog,
  environment: EnvironmentName,
  conversation: LockedConversation,
  draft: MessageDraft,
  nowMs: number,
): Promise<AppendedMessage> {
  const before = stateOf(conversation)
  let after = afterMessage(before, draft.sender, draft.visibility)
  if (draft.handoffReason !== undefined) after = transition(after, 'handoff') ?? after

  // Strictly later than what is there, whatever the clocks of several nodes say: order by id is order of writing.
  const writtenMs = Math.max(nowMs, conversation.last_activity_at.getTime() + 1)
  const message: MessageRow = {
    id: newIdAt('msg', writtenMs),
    environment_id: conversation.environment_id,
    conversation_id: conversation.id,
    sender: draft.sender,
    visibility: draft.visibility,
    content: draft.content,
    metadata: draft.metadata,
    citations: draft.citations,
    turn_id: draft.turnId,
    created_at: new Date(writtenMs),
  }
  await insertMessage(tx, {
    ...message,
    metadata: JSON.stringify(message.metadata),
    citations: JSON.stringify(message.citations),
  })
  await updateConversation(tx, conversation.environment_id, conversation.id, {
    ...changeOf(before, after, draft, message.created_at),
    ...(draft.visibility === 'public' ? { last_message: excerpt(draft.content) } : {}),
    ...(draft.sender === 'customer' ? { unread: true } : {}),
    ...(draft.sender === 'human' && draft.visibility === 'public' ? { unread: false } : {}),
    last_activity_at: message.created_at,
    updated_at: message.created_at,
  })
  const turn =
    draft.wantsReply && startsTurn(after, draft.sender, draft.visibility)
      ? await beginTurn(tx, environment, message, after)
      : undefined
  const told = eventsOf(conversation, before, after, message, draft.handoffReason)
  if (told.length > 0) await events.append(tx, conversation.environment_id, ...told)
  return { message, turn }
}

export function stateOf(row: LockedConversation): ConversationState {
  return { status: row.status, handledBy: row.handled_by, controlVersion: row.control_version }
}

function changeOf(before: ConversationState, after: ConversationState, draft: MessageDraft, at: Date) {
  if (before === after) return {}
  return {
    status: after.status,
    handled_by: after.handledBy,
    control_version: after.controlVersion,
    ...(draft.handoffReason === undefined
      ? {}
      : { handoff_reason: draft.handoffReason, handoff_requested_at: at }),
  }
}

async function beginTurn(
  tx: Tx,
  environment: EnvironmentName,
  message: MessageRow,
  state: ConversationState,
): Promise<ClaimedTurn> {
  const id = newId('turn')
  const question = await insertTurn(tx, {
    id,
    environment_id: message.environment_id,
    conversation_id: message.conversation_id,
    message_id: message.id,
    control_version: state.controlVersion,
    created_at: message.created_at,
  })
  return {
    id,
    environmentId: message.environment_id,
    environment,
    conversationId: message.conversation_id,
    messageId: message.id,
    controlVersion: state.controlVersion,
    attempt: 1,
    question,
  }
}

function eventsOf(
  conversation: LockedConversation,
  before: ConversationState,
  after: ConversationState,
  message: MessageRow,
  handoffReason: string | undefined,
): NewEvent[] {
  const events = stateEvents(conversation.id, before, after, handoffReason)
  if (message.visibility === 'internal') return events
  const told: NewEvent = {
    type: message.sender === 'customer' ? 'message.received' : 'message.sent',
    conversationId: conversation.id,
    data: {
      conversation_id: conversation.id,
      message_id: message.id,
      sender: message.sender,
      content: message.content,
      channel: conversation.channel,
    },
  }
  return [told, ...events]
}

/** What a change of state is told as: `conversation.updated` with what changed, and the event of its own that it has. */
export function stateEvents(
  conversationId: Id<'conv'>,
  before: ConversationState,
  after: ConversationState,
  handoffReason: string | undefined,
): NewEvent[] {
  const changes: JsonObject = {
    ...(before.status === after.status ? {} : { status: after.status }),
    ...(before.handledBy === after.handledBy ? {} : { handled_by: after.handledBy }),
  }
  if (Object.keys(changes).length === 0) return []
  const event = (type: NewEvent['type'], data: JsonObject): NewEvent => ({
    type,
    conversationId,
    data: { conversation_id: conversationId, ...data },
  })
  const events = [event('conversation.updated', changes)]
  if (changes.status !== undefined) {
    if (after.status === 'closed') events.push(event('conversation.closed', { status: 'closed' }))
    if (after.status === 'resolved') events.push(event('conversation.resolved', { status: 'resolved' }))
    const wasOver = before.status === 'closed' || before.status === 'resolved'
    if (wasOver && after.status === 'open') events.push(event('conversation.reopened', { status: 'open' }))
  }
  if (handoffReason !== undefined)
    events.push(event('conversation.handoff_requested', { reason: handoffReason }))
  return events
}

function excerpt(text: string): string {
  return text.slice(0, LAST_MESSAGE_LENGTH).replace(/[\uD800-\uDBFF]$/, '')
}
