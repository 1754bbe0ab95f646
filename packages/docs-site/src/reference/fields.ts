/** A schema as a list of fields, each with its type, its limits, and what it means; objects within open on demand. */
import { type Html, html } from '../html.ts'
import { inlineText } from '../inline-text.ts'
import { type OpenApi, resolve, type Schema } from './document.ts'

/** Objects in objects in objects are shown so far down. */
const MAX_DEPTH = 4

/** Undefined for a schema without fields. */
export function fieldList(schema: Schema, api: OpenApi, depth = 0): Html | undefined {
  const { properties, required } = objectOf(schema, api)
  const names = Object.keys(properties)
  if (names.length === 0) return undefined
  const items = names.map((name) => {
    const field = properties[name] ?? {}
    const { schema: resolved } = resolve(field, api)
    const nested = depth < MAX_DEPTH ? nestedFields(resolved, api, depth) : undefined
    return html`<li><div class="field"><code>${name}</code> <span class="type">${typeOf(field, api)}</span>${
      required.has(name) ? undefined : html` <span class="optional">optional</span>`
    }</div>
${describe(field, resolved)}${nested}</li>
`
  })
  return html`<ul class="fields">
${items}</ul>`
}

function nestedFields(schema: Schema, api: OpenApi, depth: number): Html | undefined {
  const inner = schema.items === undefined ? schema : resolve(schema.items, api).schema
  const fields = fieldList(inner, api, depth + 1)
  return (
    fields &&
    html`<details><summary>${schema.items === undefined ? 'Fields' : 'Fields of each'}</summary>${fields}</details>`
  )
}

/** All that an object has, also where it is put together from several, or is one of them or null. */
function objectOf(
  schema: Schema,
  api: OpenApi,
): { properties: Record<string, Schema>; required: Set<string> } {
  const { schema: resolved } = resolve(schema, api)
  const properties: Record<string, Schema> = { ...resolved.properties }
  const required = new Set(resolved.required)
  for (const part of resolved.allOf ?? []) {
    const inner = objectOf(part, api)
    Object.assign(properties, inner.properties)
    for (const name of inner.required) required.add(name)
  }
  for (const part of resolved.anyOf ?? resolved.oneOf ?? []) {
    for (const [name, field] of Object.entries(objectOf(part, api).properties)) properties[name] ??= field
  }
  return { properties, required }
}

export function typeOf(schema: Schema, api: OpenApi): string {
  const { schema: resolved, name } = resolve(schema, api)
  if (name !== undefined && resolved.type === 'object') return name
  const choices = resolved.anyOf ?? resolved.oneOf
  if (choices !== undefined) return [...new Set(choices.map((choice) => typeOf(choice, api)))].join(' or ')
  if (resolved.const !== undefined) return JSON.stringify(resolved.const)
  if (resolved.items !== undefined) return `list of ${typeOf(resolved.items, api)}`
  const types = [resolved.type ?? 'anything'].flat()
  return types
    .map((type) => (resolved.format === 'date-time' && type === 'string' ? 'time' : type))
    .join(' or ')
}

function describe(field: Schema, resolved: Schema): Html | undefined {
  const text = field.description ?? resolved.description
  const facts = factsOf(resolved)
  if (text === undefined && facts === undefined) return undefined
  return html`<p>${text === undefined ? undefined : inlineText(text)}${text !== undefined && facts !== undefined ? ' ' : undefined}${facts}</p>`
}

function factsOf(schema: Schema): Html | undefined {
  const list = schema.items?.enum ?? schema.enum
  const facts: (string | Html)[] = []
  if (list !== undefined)
    facts.push(
      html`One of ${list.map((value, index) => html`${index > 0 ? ', ' : ''}<code>${String(value)}</code>`)}.`,
    )
  if (schema.default !== undefined) facts.push(html`Default <code>${JSON.stringify(schema.default)}</code>.`)
  const range = rangeOf(schema)
  if (range !== undefined) facts.push(range)
  return facts.length === 0
    ? undefined
    : html`<span class="facts">${facts.map((fact, index) => html`${index > 0 ? ' ' : ''}${fact}`)}</span>`
}

function rangeOf({ minimum, maximum, minLength, maxLength, minItems, maxItems }: Schema): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `${group(minimum)} to ${group(maximum)}.`
  if (maxLength !== undefined)
    return `${minLength ? `${minLength} to ` : 'At most '}${group(maxLength)} characters.`
  if (maxItems !== undefined) return `${minItems ? `${minItems} to ` : 'At most '}${group(maxItems)} of them.`
  return undefined
}

function group(value: number): string {
  return value.toLocaleString('en-US')
}
