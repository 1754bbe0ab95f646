/** Which events are listed, as the page's address says it. Pure. */
import { type EventType, eventTypes } from './event-types.ts'

/** As the API takes it. */
export interface EventFilter {
  /** Names with commas between them. */
  types?: string
  conversation_id?: string
}

/** Takes an address that anybody may have written: what makes no sense is left out. */
export function readEventSearch(search: Record<string, unknown>): EventFilter {
  const { types, conversation_id: conversation } = search
  const known = typeof types === 'string' ? typesOf({ types }) : []
  return {
    ...(known.length > 0 && { types: known.join(',') }),
    ...(typeof conversation === 'string' &&
      /^conv_\w{1,60}$/.test(conversation) && { conversation_id: conversation }),
  }
}

export function typesOf({ types }: EventFilter): (EventType | 'webhook.test')[] {
  const named = new Set(types?.split(','))
  return [...eventTypes, 'webhook.test' as const].filter((type) => named.has(type))
}

/** The object that an event tells of: the first of the ids that it carries which has a page. */
export function objectOf(data: Readonly<Record<string, unknown>>): string | undefined {
  const names = ['conversation_id', 'customer_id', 'contact_id', 'api_key_id', 'key_id', 'webhook_id', 'id']
  for (const name of names) {
    const value = data[name]
    if (typeof value === 'string') return value
  }
  return undefined
}

/** What an event tells in a line: who, or what was said. */
export function summaryOf(data: Readonly<Record<string, unknown>>): string {
  for (const name of ['content', 'customer_name', 'name', 'reason', 'message', 'url', 'status']) {
    const value = data[name]
    if (typeof value === 'string' && value !== '') return value.slice(0, 200)
  }
  // Of a change: what is what now.
  return Object.entries(data)
    .filter(([name]) => name !== 'id' && !name.endsWith('_id'))
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
    .slice(0, 200)
}
