/**
 * The state machine of a conversation: its status and who handles it. Pure: a command or a message and the state
 * before it give the state after it.
 */
import type { ConversationStatus, HandledBy, Sender, Visibility } from '../../db/tables/conversations.ts'

export interface ConversationState {
  readonly status: ConversationStatus
  readonly handledBy: HandledBy
  /** Counts up whenever a reply that is being written must no longer land. */
  readonly controlVersion: number
}

export type Command = 'close' | 'resolve' | 'reopen' | 'handoff' | 'return_to_clara'

const isOver = (status: ConversationStatus): boolean => status === 'closed' || status === 'resolved'

/** The state after the command, or undefined when it does not apply to this state. */
export function transition(state: ConversationState, command: Command): ConversationState | undefined {
  switch (command) {
    case 'close':
      return state.status === 'closed' ? undefined : withStatus(state, 'closed')
    case 'resolve':
      return isOver(state.status) ? undefined : withStatus(state, 'resolved')
    case 'reopen':
      return state.status === 'open' ? undefined : withStatus(state, 'open')
    case 'handoff':
      return isOver(state.status) || state.handledBy === 'human' ? undefined : withHandler(state, 'human')
    case 'return_to_clara':
      return isOver(state.status) || state.handledBy === 'clara' ? undefined : withHandler(state, 'clara')
  }
}

/** Sets a status directly, as an update does. A reply that Clara is writing does not land in what is over. */
export function withStatus(state: ConversationState, status: ConversationStatus): ConversationState {
  if (state.status === status) return state
  return { ...state, status, controlVersion: state.controlVersion + (isOver(status) ? 1 : 0) }
}

function withHandler(state: ConversationState, handledBy: HandledBy): ConversationState {
  return { ...state, handledBy, controlVersion: state.controlVersion + 1 }
}

/**
 * The state after a message. A customer's brings an ended, waiting or snoozed conversation back; a person's public
 * one takes control; an internal note and an assistant's change nothing.
 */
export function afterMessage(
  state: ConversationState,
  sender: Sender,
  visibility: Visibility,
): ConversationState {
  if (sender === 'customer') return withStatus(state, 'open')
  if (sender === 'human' && visibility === 'public' && state.handledBy !== 'human')
    return withHandler(state, 'human')
  return state
}

/** Whether Clara owes an answer to this message, given the state after it. */
export function startsTurn(state: ConversationState, sender: Sender, visibility: Visibility): boolean {
  return sender === 'customer' && visibility === 'public' && state.handledBy === 'clara'
}
