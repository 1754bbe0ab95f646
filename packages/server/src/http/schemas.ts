/** Schemas that every feature shares: the envelope, errors, paging, and helpers that keep OpenAPI and types in step. */

import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox'
import type { JsonObject } from '../lib/json.ts'

export const ErrorBody = Type.Object(
  {
    success: Type.Literal(false),
    error: Type.String({ description: 'A sentence for people.' }),
    code: Type.String({ description: 'For programs; docs/errors explains each.' }),
    hint: Type.String({ description: 'The fix.' }),
    param: Type.Optional(Type.String({ description: 'The field, query parameter or header that is wrong.' })),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    request_id: Type.String(),
    doc_url: Type.String(),
  },
  { $id: 'Error', description: 'Every failure, whatever its status.' },
)

/** A reference to a schema that is registered under its `$id`, so that OpenAPI names it once. */
export function ref<T extends TSchema & { $id?: string }>(schema: T) {
  if (schema.$id === undefined) throw new TypeError('Only a schema with an $id can be referred to')
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` })
}

/** The value or null. Written as a type list, which serialises faster than a union. */
export function nullable<T extends TSchema & { type?: string }>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] })
}

/** One of the words, as a plain `enum`. */
export function oneOf<const T extends readonly string[]>(values: T, options: Record<string, unknown> = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })
}

/** A date on the wire: ISO 8601 in UTC with milliseconds. */
export function timestamp(description: string) {
  return Type.String({ format: 'date-time', description })
}

/** A body or query that refuses fields it doesn't know. */
export function strict<T extends TProperties>(
  properties: T,
  options: Record<string, unknown> = {},
): TObject<T> {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

/** `{ success: true, data }`. */
export function success<T extends TSchema>(data: T, description = 'The call succeeded.') {
  return Type.Object({ success: Type.Literal(true), data }, { description })
}

const Pagination = Type.Object(
  {
    limit: Type.Integer(),
    has_more: Type.Boolean(),
    next_cursor: nullable(
      Type.String({ description: 'Pass as `cursor` for the next page; null on the last one.' }),
    ),
  },
  { $id: 'Pagination' },
)

/** `{ success: true, data: [], pagination }`. */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Object(
    { success: Type.Literal(true), data: Type.Array(item), pagination: ref(Pagination) },
    { description: 'One page.' },
  )
}

/** The query parameters of every list. */
export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 25, description: 'Entries on a page.' }),
  offset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10_000, description: 'Entries to skip; use `cursor` to go deeper.' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 1000, description: '`next_cursor` of the previous page.' })),
}

/** The body of calls that take none: nothing, null or {}. */
export const EmptyBody = nullable(strict({}))

/** An object of the caller's own fields. */
export const jsonObject = (description: string) =>
  Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true, description })

export const DeletedBody = success(
  Type.Object({ id: Type.String(), deleted: Type.Literal(true) }),
  'It is gone.',
)

export const sharedSchemas: readonly TSchema[] = [ErrorBody, Pagination]

export function ok<T>(data: T): { success: true; data: T } {
  return { success: true, data }
}
