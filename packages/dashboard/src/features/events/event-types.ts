/** The types of events in words, in the groups that people look for them in. */
import type { api } from '../../lib/api.ts'

type Wanted = Parameters<typeof api.webhooks.create>[0]['events'][number]
/** What a webhook can be told of. */
export type EventType = Exclude<Wanted, '*'>

/** Each of them: a type that is new on the server is missing here until it has its words. */
const words: Record<EventType, string> = {
  'conversation.created': 'A conversation began',
  'conversation.updated': 'Its status, tags or subject changed',
  'conversation.closed': 'It was closed',
  'conversation.handoff_requested': 'Clara asks for a person',
  'conversation.reopened': 'It was opened again',
  'conversation.resolved': 'It was resolved',
  'conversation.deleted': 'It was deleted for good',
  'message.received': 'A customer wrote',
  'message.sent': 'Clara or a person wrote',
  'contact.created': 'A contact is new',
  'contact.updated': 'A contact changed',
  'contact.deleted': 'A contact was deleted',
  'api_key.created': 'A key was made',
  'api_key.updated': 'Its name, permissions or limits changed',
  'api_key.rotated': 'It got a second secret',
  'api_key.rotation_finished': 'Its old secret ended',
  'api_key.rotation_cancelled': 'Its new secret was dropped',
  'api_key.expiring': 'It will expire soon',
  'api_key.expired': 'It expired',
  'api_key.leaked': 'Its secret was found somewhere',
  'api_key.quarantined': 'It was quarantined',
  'api_key.released': 'Its quarantine ended',
  'api_key.refused_in_browser': 'A web page tried to use it',
  'api_key.revoked': 'It was revoked',
  'webhook.disabled': 'A webhook was disabled',
  'webhook.recovered': 'A disabled one works again',
}

// The table's own keys: Object.keys() types them as plain strings.
export const eventTypes = Object.keys(words) as readonly EventType[]

const groupNames: Record<string, string> = {
  conversation: 'Conversations',
  message: 'Messages',
  contact: 'Contacts',
  api_key: 'API keys',
  webhook: 'Webhooks',
}

export interface EventGroup {
  id: string
  name: string
  types: readonly EventType[]
}

export const eventGroups: readonly EventGroup[] = Object.entries(groupNames).map(([id, name]) => ({
  id,
  name,
  types: eventTypes.filter((type) => type.startsWith(`${id}.`)),
}))

/** `A customer wrote` for `message.received`; of a type that has no words, nothing. */
export function eventInWords(type: string): string | undefined {
  if (type === 'webhook.test') return 'A webhook was tried'
  return eventTypes.find((known) => known === type) && words[type as EventType] // it is one of them
}

/** Groups with the types that hold the text, in their name or their words. Without a text, all. */
export function searchGroups(text: string): EventGroup[] {
  const wanted = text.trim().toLowerCase()
  return eventGroups.flatMap((group) => {
    const types = group.name.toLowerCase().includes(wanted)
      ? group.types
      : group.types.filter((type) => type.includes(wanted) || words[type].toLowerCase().includes(wanted))
    return types.length === 0 ? [] : [{ ...group, types }]
  })
}

const SHOWN = 2

/** `All events`, `All conversation events, message.sent`, `message.received, message.sent and 3 more`. */
export function describeEvents(events: readonly string[]): string {
  if (events.includes('*')) return 'All events'
  const parts: string[] = []
  const left = new Set(events)
  for (const { id, types } of eventGroups) {
    if (types.length < 2 || !types.every((type) => left.has(type))) continue
    parts.push(`all ${id.replace('_', ' ')} events`)
    for (const type of types) left.delete(type)
  }
  parts.push(...left)
  const shown = parts.slice(0, parts.length === SHOWN + 1 ? SHOWN + 1 : SHOWN)
  const more = parts.length - shown.length
  const text = more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`
  return text.startsWith('all ') ? `A${text.slice(1)}` : text
}
