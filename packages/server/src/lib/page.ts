/** A page of a list: what is asked for and what comes back. */
import type { CursorPosition } from './cursor.ts'

export interface PageRequest {
  limit: number
  offset: number
  /** The sort values and id of the row after which the page begins. */
  after: CursorPosition | undefined
}

export interface Page<T> {
  items: T[]
  /** The position of the last item when there are more. */
  next: CursorPosition | undefined
}

/** Cuts the one row too many that a store read to learn whether there is another page. */
export function toPage<T>(rows: T[], limit: number, position: (last: T) => CursorPosition): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? position(last) : undefined }
}
