/** Turns what a schema refused into sentences that name the field and the fix. */
import type { FastifySchemaValidationError } from 'fastify'
import { ApiError, type ValidationIssue } from '../errors.ts'
import { closest } from '../lib/closest.ts'

/** Issues that an answer lists at most. */
const MAX_ISSUES = 50

export function validationError(part: string | undefined, errors: FastifySchemaValidationError[]): ApiError {
  const issues = withoutEchoes(errors)
    .slice(0, MAX_ISSUES)
    .map((error) => toIssue(part, error))
    // A misspelt field is the cause of a missing one: it comes first.
    .sort((a, b) => Number(b.code === 'unknown_field') - Number(a.code === 'unknown_field'))
  const [first] = issues
  const code = issues.every((issue) => issue.code === 'unknown_field') ? 'unknown_field' : 'validation_failed'
  if (first === undefined) return new ApiError('validation_failed')
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more in details.issues)` : ''
  const hint = hintFor(errors[0])
  return new ApiError(code, {
    error: `${first.message}${more}`,
    param: first.param,
    details: { issues },
    ...(hint === undefined ? {} : { hint }),
  })
}

/** An empty text breaks several rules at once: the first one says it all. */
function withoutEchoes(errors: FastifySchemaValidationError[]): FastifySchemaValidationError[] {
  const empty = new Set(
    errors.filter((error) => error.keyword === 'minLength').map((error) => error.instancePath),
  )
  return errors.filter((error) => error.keyword !== 'pattern' || !empty.has(error.instancePath))
}

function hintFor(error: FastifySchemaValidationError | undefined): string | undefined {
  if (error?.keyword === 'maximum' && error.instancePath === '/offset') {
    return 'Use `cursor` with `pagination.next_cursor` to go deeper.'
  }
  if (error?.keyword === 'additionalProperties' && error.params.additionalProperty === 'page') {
    return 'Pages go on with `cursor`: send the `next_cursor` of the page before.'
  }
  return undefined
}

function toIssue(part: string | undefined, error: FastifySchemaValidationError): ValidationIssue {
  const path = toPath(error.instancePath)
  if (error.keyword === 'required') {
    const param = join(path, String(error.params.missingProperty))
    return { param, code: 'required', message: `\`${param}\` is required` }
  }
  if (error.keyword === 'additionalProperties') {
    const param = join(path, String(error.params.additionalProperty)).slice(0, 200)
    const meant =
      param.length > 100 ? undefined : closest(String(error.params.additionalProperty), knownFields(error))
    const message = `\`${param}\` is not a ${part === 'querystring' ? 'query parameter' : 'field'} of this call`
    return {
      param,
      code: 'unknown_field',
      message: meant === undefined ? message : `${message}: did you mean \`${meant}\`?`,
    }
  }
  if (path === '' && part === 'body' && error.keyword === 'type') {
    return { param: 'body', code: 'type', message: 'The body must be a JSON object' }
  }
  if (path === '' && part === 'body' && error.keyword === 'minProperties') {
    return { param: 'body', code: 'minProperties', message: 'The body must have at least one field' }
  }
  const param = path === '' ? (part ?? 'body') : path
  return { param, code: error.keyword, message: `\`${param}\` ${describe(error)}` }
}

/** Ajv's `verbose` option adds the schema that refused; its type doesn't say so. */
function knownFields(error: FastifySchemaValidationError): string[] {
  const { parentSchema } = error as { parentSchema?: { properties?: object } }
  return Object.keys(parentSchema?.properties ?? {})
}

function describe(error: FastifySchemaValidationError): string {
  const { keyword, params } = error
  const limit = Number(params.limit)
  switch (keyword) {
    case 'type':
      return `must be ${typeName(params.type, formatOf(error))}`
    case 'enum':
      return `must be one of: ${[params.allowedValues].flat().join(', ')}${suggestion(error)}`
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'minItems':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} entries`
    case 'maxItems':
      return `must have at most ${limit} entries`
    case 'minimum':
      return `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    case 'minProperties':
      return 'must have at least one field'
    case 'pattern':
      return params.pattern === '\\S' ? 'must not be blank' : `must match ${params.pattern}`
    case 'uniqueItems':
      return 'must not have the same entry twice'
    case 'format':
      return `must be ${formatName(String(params.format))}`
    default:
      return error.message ?? 'is not valid'
  }
}

/** Ajv's `verbose` option adds the refused value; of it only a known word that was meant is told. */
function suggestion(error: FastifySchemaValidationError): string {
  const { data } = error as { data?: unknown }
  if (typeof data !== 'string' || data.length > 100) return ''
  const meant = closest(data, [error.params.allowedValues].flat().map(String))
  return meant === undefined ? '' : `; did you mean ${meant}?`
}

function formatOf(error: FastifySchemaValidationError): string | undefined {
  return (error as { parentSchema?: { format?: string } }).parentSchema?.format
}

/** A text that has a format is named by it. */
function typeName(type: unknown, format: string | undefined): string {
  const names: Record<string, string> = {
    array: 'a list',
    object: 'an object',
    string: format === undefined ? 'a string' : formatName(format),
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    null: 'null',
  }
  return [type]
    .flat()
    .flatMap((name) => String(name).split(','))
    .map((name) => names[name] ?? name)
    .join(' or ')
}

function formatName(format: string): string {
  const names: Record<string, string> = {
    'date-time': 'a time in ISO 8601, such as 2026-01-31T12:00:00.000Z',
    email: 'an e-mail address',
    uri: 'a URL',
  }
  return names[format] ?? `a valid ${format}`
}

/** `/tags/0/name` becomes `tags[0].name`. */
function toPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : join(path, part)), '')
}

function join(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`
}
