/** The parts of an OpenAPI 3.1 document that the reference shows, as this server writes it. */

export interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: boolean | Schema
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}

interface Content {
  content?: Record<string, { schema?: Schema }>
  description?: string
}

export interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: Content & { required?: boolean }
  responses: Record<string, Content>
  security?: Record<string, unknown>[]
  'x-permission'?: string
}

export interface OpenApi {
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export interface Call {
  /** In capitals. */
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** Every call in the order of the document. `PUT` that does what `PATCH` does is told of there, and not again. */
export function callsOf({ paths }: OpenApi): Call[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => !(method === 'put' && methods.patch !== undefined))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

/** The schema itself, for one that refers to a component; its name beside it. */
export function resolve(schema: Schema, { components }: OpenApi): { schema: Schema; name?: string } {
  if (schema.$ref === undefined) return { schema }
  const name = schema.$ref.split('/').at(-1) ?? ''
  const found = components.schemas[name]
  if (found === undefined) throw new Error(`openapi.json refers to ${schema.$ref}, which it does not have`)
  return { schema: found, name }
}
