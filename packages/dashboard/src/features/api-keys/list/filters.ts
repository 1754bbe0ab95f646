/** What the list shows, as the address says it; what isn't said is the default. Pure. */
import type { KeyFilter } from '../queries.ts'

export interface KeysSearch {
  status?: KeyFilter['status']
  q?: string
  /** Opens the dialog that makes a key. */
  create?: boolean
}

export const statusOptions: readonly { value: KeyFilter['status']; label: string }[] = [
  { value: 'not_ended', label: 'Keys that work' },
  { value: 'active', label: 'Active' },
  { value: 'rotating', label: 'Rotating' },
  { value: 'quarantined', label: 'Quarantined' },
  { value: 'expired', label: 'Expired' },
  { value: 'revoked', label: 'Revoked' },
  { value: 'all', label: 'All keys' },
]

export function readKeysSearch(search: Record<string, unknown>): KeysSearch {
  const status = statusOptions.find(({ value }) => value === search.status)?.value
  return {
    ...(status !== undefined && status !== 'not_ended' && { status }),
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q.slice(0, 100) }),
    ...(search.create === true && { create: true }),
  }
}

const SECRET = /^sk_(?:test|live)_/
const HINT = /…(\w{4})$/

/** A secret that is pasted into the search isn't sent: its end finds the key. */
export function searchTextOf(typed: string): string {
  const text = typed.trim()
  if (SECRET.test(text)) return text.length >= 12 ? text.slice(-4) : ''
  return HINT.exec(text)?.[1] ?? text
}
