/** JSON values that come from outside and are kept as they are: what may be stored, and what is wrong when not. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

/** A place in a value and why PostgreSQL or a reader could not keep it as it is. */
export interface JsonProblem {
  path: string
  problem: string
}

const MAX_DEPTH = 32
const MAX_ITEMS = 10_000

/** Why this text can't be stored unchanged in UTF-8 by PostgreSQL, or undefined when it can. */
export function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the NUL character (U+0000)'
  if (!text.isWellFormed()) return 'must not contain half of a surrogate pair'
  return undefined
}

/**
 * The first thing in a parsed JSON value that can't be stored and given back unchanged: NUL, lone surrogates,
 * numbers beyond a double, nesting deeper than 32, arrays or objects of more than 10,000 entries.
 */
export function findJsonProblem(value: unknown, path = '', depth = 0): JsonProblem | undefined {
  if (typeof value === 'string') {
    const problem = textProblem(value)
    return problem === undefined ? undefined : { path, problem }
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return { path, problem: 'is too large a number' }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= MAX_DEPTH) return { path, problem: `must not be nested deeper than ${MAX_DEPTH} levels` }
  const entries = Object.entries(value)
  if (entries.length > MAX_ITEMS) return { path, problem: `must not have more than ${MAX_ITEMS} entries` }
  for (const [key, child] of entries) {
    const childPath = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    if (key === '__proto__') return { path, problem: 'must not have the key __proto__' }
    const keyProblem = textProblem(key)
    if (keyProblem !== undefined) return { path, problem: `has a key that ${keyProblem}` }
    const found = findJsonProblem(child, childPath, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
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
