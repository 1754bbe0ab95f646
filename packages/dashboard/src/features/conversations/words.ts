/** Conversations in words: what their states and channels are called, and what may be done in which state. */
import type { Conversation } from '@agentclara/sdk'
import type { Tone } from '../../ui/badge.tsx'

type Status = Conversation['status']
type Handler = Conversation['handled_by']
type Channel = Conversation['channel']

export const statusWords: Record<Status, { label: string; tone: Tone }> = {
  open: { label: 'Open', tone: 'success' },
  pending: { label: 'Pending', tone: 'warning' },
  snoozed: { label: 'Snoozed', tone: 'neutral' },
  resolved: { label: 'Resolved', tone: 'neutral' },
  closed: { label: 'Closed', tone: 'neutral' },
}

export const handlerWords: Record<Handler, string> = { clara: 'Clara', human: 'A person', none: 'Nobody' }

export const channelWords: Record<Channel, string> = {
  sms: 'SMS',
  email: 'E-mail',
  instagram: 'Instagram',
  facebook: 'Facebook',
  whatsapp: 'WhatsApp',
  voice: 'Voice',
  web: 'Web',
}

type State = Pick<Conversation, 'status' | 'handled_by'>

const isOver = ({ status }: State) => status === 'resolved' || status === 'closed'

export type Action = 'handOff' | 'returnToClara' | 'resolve' | 'close' | 'reopen'

/** What the server would not refuse, in the order in which it is offered. */
export function actionsOf(state: State): Action[] {
  const actions: [Action, boolean][] = [
    ['handOff', !isOver(state) && state.handled_by !== 'human'],
    ['returnToClara', !isOver(state) && state.handled_by !== 'clara'],
    ['reopen', state.status !== 'open'],
    ['resolve', !isOver(state)],
    ['close', state.status !== 'closed'],
  ]
  return actions.filter(([, isPossible]) => isPossible).map(([action]) => action)
}

/** Who a conversation is with, whatever is known of them. */
export function customerOf({
  customer_name: name,
  customer_email: email,
  customer_phone: phone,
}: Pick<Conversation, 'customer_name' | 'customer_email' | 'customer_phone'>): string {
  return name ?? email ?? phone ?? 'Unknown customer'
}
