/** Where the page of a thing is, by its id: `conv_…` is a conversation, `req_…` a request in the logs. */

const placeOfPrefix = {
  conv: (id: string) => ({ to: '/conversations/$id', params: { id } }) as const,
  cust: (id: string) => ({ to: '/contacts/$id', params: { id } }) as const,
  key: (id: string) => ({ to: '/settings/advanced/api-keys/$id', params: { id } }) as const,
  we: (id: string) => ({ to: '/settings/advanced/webhooks/$id', params: { id } }) as const,
  evt: (id: string) => ({ to: '/settings/advanced/events/$id', params: { id } }) as const,
  req: (id: string) => ({ to: '/settings/advanced/logs', search: { request: id } }) as const,
}

type Prefix = keyof typeof placeOfPrefix

export type ResourceLink = ReturnType<(typeof placeOfPrefix)[Prefix]>

const names: Record<Prefix, string> = {
  conv: 'conversation',
  cust: 'contact',
  key: 'API key',
  we: 'webhook',
  evt: 'event',
  req: 'request',
}

const ID = /^(conv|cust|key|we|evt|req)_[0-9a-hjkmnp-tv-z]{26}$/

function prefixOf(text: string): Prefix | undefined {
  return ID.exec(text)?.[1] as Prefix | undefined // the expression has these prefixes alone
}

/** Undefined for what is no id, and for things without a page. */
export function linkOfId(text: string): ResourceLink | undefined {
  const prefix = prefixOf(text)
  return prefix === undefined ? undefined : placeOfPrefix[prefix](text)
}

/** `conversation` for `conv_…`. */
export function nounOfId(text: string): string | undefined {
  const prefix = prefixOf(text)
  return prefix === undefined ? undefined : names[prefix]
}

/** Ids in a text of things that have a page, each once, in the order they stand there. */
export function idsIn(text: string): string[] {
  const found = text.match(/\b(?:conv|cust|key|we|evt|req)_[0-9a-hjkmnp-tv-z]{26}\b/g) ?? []
  return [...new Set(found)]
}
