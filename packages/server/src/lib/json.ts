/** JSON values that come from outside and are kept as they are: what may be stored, and what is wrong when not. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

/** A place in a value and why PostgreSQL or a reader could not keep it as it is. */
export interface JsonProblem {
  path: string
  problem: string
}

const MAX_DEPTH = 32
const MAX_ENTRIES = 10_000
/** Beyond these, PostgreSQL keeps a number with hundreds of digits. */
const MAX_NUMBER = 1e21
const MIN_NUMBER = 1e-21

/** Why this text can't be stored unchanged in UTF-8 by PostgreSQL, or undefined when it can. */
export function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the NUL character (U+0000)'
  if (!text.isWellFormed()) return 'must not contain half of a surrogate pair'
  return undefined
}

/**
 * The first thing in a parsed JSON value that can't be stored and given back unchanged: NUL, lone surrogates, numbers
 * of more than 21 digits, nesting deeper than 32, more than 10,000 entries in all.
 */
export function findJsonProblem(value: unknown): JsonProblem | undefined {
  // Paths are made only for what is wrong; the walk itself keeps the keys that lead to where it is.
  const path: string[] = []
  let entries = 0
  const visit = (node: unknown): string | undefined => {
    if (typeof node === 'string') return textProblem(node)
    if (typeof node === 'number') return numberProblem(node)
    if (typeof node !== 'object' || node === null) return undefined
    if (path.length >= MAX_DEPTH) return `must not be nested deeper than ${MAX_DEPTH} levels`
    for (const key in node) {
      entries += 1
      if (entries > MAX_ENTRIES) return `must not have more than ${MAX_ENTRIES} entries in all`
      if (key === '__proto__') return 'must not have the key __proto__'
      const keyProblem = textProblem(key)
      if (keyProblem !== undefined) return `has a key that ${keyProblem}`
      path.push(Array.isArray(node) ? `[${key}]` : key)
      const found = visit((node as Record<string, unknown>)[key])
      if (found !== undefined) return found
      path.pop()
    }
    return undefined
  }
  const problem = visit(value)
  return problem === undefined ? undefined : { path: path.join('.').replaceAll('.[', '['), problem }
}

function numberProblem(value: number): string | undefined {
  const size = Math.abs(value)
  if (size >= MAX_NUMBER) return 'must be a number of at most 21 digits'
  return size !== 0 && size < MIN_NUMBER ? 'must be 0 or at least 1e-21' : undefined
}

/** JSON with the keys of objects in order, so that values that are equal have one text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** `change` over `current`, field by field; null removes a field. */
export function mergeFields(current: JsonObject, change: JsonObject): JsonObject {
  const merged = Object.entries({ ...current, ...change }).filter(([, value]) => value !== null)
  return Object.fromEntries(merged)
}

const MAX_FIELDS = 50
const MAX_FIELD_NAME_LENGTH = 64
const MAX_OBJECT_BYTES = 16 * 1024

/** Why an object of somebody's own fields is refused, or undefined: at most 50 fields, 16 KiB as JSON. */
export function fieldsProblem(fields: JsonObject): string | undefined {
  const names = Object.keys(fields)
  if (names.length > MAX_FIELDS) return `must have at most ${MAX_FIELDS} fields`
  if (names.some((name) => name === '' || name.length > MAX_FIELD_NAME_LENGTH)) {
    return `must have field names of 1 to ${MAX_FIELD_NAME_LENGTH} characters`
  }
  return Buffer.byteLength(JSON.stringify(fields)) > MAX_OBJECT_BYTES
    ? 'must be at most 16 KiB as JSON'
    : undefined
}
