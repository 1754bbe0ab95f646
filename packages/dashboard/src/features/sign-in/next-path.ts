/** Where a person goes after signing in: a page of this dashboard and nothing else, whatever a link asked for. */

/** Pages that make no sense once somebody is signed in: going "back" there would go in circles. */
const OUTSIDE = ['/sign-in', '/sign-up', '/two-factor', '/forgot-password', '/reset-password']

/**
 * The path, query and fragment of `wanted` when it is a page of this origin; `/` otherwise. Browsers read `//host`,
 * `/\host` and `/<tab>/host` as other hosts, so the text is judged by what the browser's own parser makes of it.
 */
export function safeNextPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/')) return '/'
  const here = 'https://here.invalid'
  const url = URL.canParse(wanted, here) ? new URL(wanted, here) : undefined
  if (url === undefined || url.origin !== here) return '/'
  // "/.//host" keeps this origin here but is read as another host by whoever parses its path again.
  if (url.pathname.startsWith('//')) return '/'
  if (OUTSIDE.includes(url.pathname.replace(/\/+$/, ''))) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}

/** What `?next=` holds, for links that lead from one page of signing in to the next: left out when it is Home. */
export function nextSearch(next: string): { next?: string } {
  return next === '/' ? {} : { next }
}

/** Reads `?next=` of a route's search. */
export function parseNextSearch(search: Record<string, unknown>): { next?: string } {
  return nextSearch(safeNextPath(search.next))
}
