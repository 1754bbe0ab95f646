/** Which conversations a list shows, as its address says it. What is misspelt there is left out. */
import { channelWords, handlerWords, statusWords } from './words.ts'

type Status = keyof typeof statusWords
type Handler = keyof typeof handlerWords
type Channel = keyof typeof channelWords

export interface ConversationFilter {
  status?: Status
  handled_by?: Handler
  channel?: Channel
  tag?: string
}

function oneOf<T extends string>(words: Record<T, unknown>, value: unknown): T | undefined {
  return typeof value === 'string' && Object.hasOwn(words, value) ? (value as T) : undefined // just looked up
}

export function readConversationFilter(search: Record<string, unknown>): ConversationFilter {
  const status = oneOf(statusWords, search.status)
  const handler = oneOf(handlerWords, search.handled_by)
  const channel = oneOf(channelWords, search.channel)
  const tag = typeof search.tag === 'string' && search.tag.trim() !== '' ? search.tag.slice(0, 50) : undefined
  return {
    ...(status !== undefined && { status }),
    ...(handler !== undefined && { handled_by: handler }),
    ...(channel !== undefined && { channel }),
    ...(tag !== undefined && { tag }),
  }
}

/** The views that people ask for most; other filters stay as they are. */
export const views = [
  { value: 'all', label: 'All', filter: {} },
  { value: 'people', label: 'Needs a person', filter: { status: 'open', handled_by: 'human' } },
  { value: 'clara', label: 'With Clara', filter: { status: 'open', handled_by: 'clara' } },
  { value: 'done', label: 'Resolved', filter: { status: 'resolved' } },
] as const satisfies readonly { value: string; label: string; filter: ConversationFilter }[]

export type View = (typeof views)[number]['value']

/** Undefined for a combination that is none of the views. */
export function viewOf({ status, handled_by: handler }: ConversationFilter): View | undefined {
  return views.find(({ filter }) => {
    const wanted: ConversationFilter = filter
    return wanted.status === status && wanted.handled_by === handler
  })?.value
}
