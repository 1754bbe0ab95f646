/** Which contacts a list shows, as its address says it. */
export const sorts = [
  { value: 'created', label: 'Newest first' },
  { value: 'updated', label: 'Last changed' },
  { value: 'name', label: 'Name' },
] as const

export interface ContactFilter {
  q?: string
  tag?: string
  sort?: 'updated' | 'name'
  /** The dialog for a new contact is open. */
  create?: true
}

const MAX_LENGTH = { q: 200, tag: 50 }

export function readContactFilter(search: Record<string, unknown>): ContactFilter {
  const text = (name: 'q' | 'tag') => {
    const value = search[name]
    // The router reads what looks like a number as one.
    const words = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    return words.trim() === '' ? undefined : words.slice(0, MAX_LENGTH[name])
  }
  const q = text('q')
  const tag = text('tag')
  return {
    ...(q !== undefined && { q }),
    ...(tag !== undefined && { tag }),
    ...((search.sort === 'updated' || search.sort === 'name') && { sort: search.sort }),
    ...(search.create === true && { create: true }),
  }
}
