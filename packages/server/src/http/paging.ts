/** Pages of a list on the wire: query parameters in, `pagination` out. */
import { ApiError, invalidField } from '../errors.ts'
import type { CursorCodec } from '../lib/cursor.ts'
import type { Page, PageRequest } from '../lib/page.ts'

interface PageParams {
  limit: number
  offset?: number | undefined
  cursor?: string | undefined
}

/**
 * Reads `limit`, `offset` and `cursor`. `scope` is what the cursor is bound to. Throws `invalid_cursor`, and
 * `validation_failed` when both `offset` and `cursor` are given.
 */
export function readPage(cursors: CursorCodec, scope: string, params: PageParams): PageRequest {
  if (params.cursor === undefined)
    return { limit: params.limit, offset: params.offset ?? 0, after: undefined }
  if (params.offset !== undefined) {
    throw invalidField('offset', 'can’t be combined with `cursor`', 'Send one of the two.')
  }
  const after = cursors.decode(scope, params.cursor)
  if (after === undefined) throw new ApiError('invalid_cursor', { param: 'cursor' })
  return { limit: params.limit, offset: 0, after }
}

export function writePage<T, W>(
  cursors: CursorCodec,
  scope: string,
  limit: number,
  page: Page<T>,
  toWire: (item: T) => W,
) {
  return {
    success: true as const,
    data: page.items.map(toWire),
    pagination: {
      limit,
      has_more: page.next !== undefined,
      next_cursor: page.next === undefined ? null : cursors.encode(scope, page.next),
    },
  }
}
