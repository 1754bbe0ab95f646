/** How routes and schemas become openapi.json. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { Type } from 'typebox'
import manifest from '../../package.json' with { type: 'json' }
import { takesIdempotencyKey } from './idempotency.ts'
import { ErrorBody, ref } from './schemas.ts'

export const version = manifest.version

/** A field with a default is always there for the handler, and need not be sent. */
function withOptionalDefaults(schema: unknown): unknown {
  const { required, properties } = (schema ?? {}) as {
    required?: string[]
    properties?: Record<string, object>
  }
  if (required === undefined || properties === undefined) return schema
  const needed = required.filter((name) => !('default' in (properties[name] ?? {})))
  const { required: _all, ...rest } = schema as Record<string, unknown>
  return needed.length === 0 ? rest : { ...rest, required: needed }
}

/** A body that may be null may be left out. */
function markOptionalBody(operation: object | undefined): void {
  const { requestBody: body } = (operation ?? {}) as {
    requestBody?: { required?: boolean; content?: Record<string, { schema?: { type?: unknown } }> }
  }
  const type = body?.content?.['application/json']?.schema?.type
  if (body !== undefined && [type].flat().includes('null')) body.required = false
}

/** What isn't a permission, in words. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  any_key: 'any valid key',
  person: 'somebody who is signed in; no key',
}

/** For the document alone: see idempotency.ts for what is done with it. */
const IdempotencyHeaders = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'A new value, such as a UUID, for each thing that is done, and the same one when it is tried again: within 24 hours the same request has its effect once, and is given its first answer with `Idempotent-Replayed: true`.',
    }),
  ),
})

export const openApiOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'AgentClara API',
      version,
      description:
        'The open, self-hosted AI receptionist. Calls need an API key in the Authorization header; those that a web page may make take a client token, too; a few are public. Every answer to a call with a key says in `RateLimit-Policy`, `RateLimit` and `X-RateLimit-*` what its limits are and what is left of them; 429 says in `Retry-After` when to come back. On a test key, `AgentClara-Fault: 429` (or 401, 403, 500, 503, timeout, slow=MS) answers as if that had happened.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://localhost:4000', description: 'A server started with npm start' }],
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: sk_test_… or sk_live_…' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'agentclara.session',
          description:
            'Who is signed in to the dashboard. The headers AgentClara-Workspace and AgentClara-Environment choose; writes must come from the server’s own origin.',
        },
        clientToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'A client token: ct_test_… or ct_live_…, from POST /v1/client_tokens',
        },
      },
    },
    security: [{ apiKey: [] }],
  },
  refResolver: {
    buildLocalReference: (json, _baseUri, _fragment, index) =>
      typeof json.$id === 'string' ? json.$id : `Schema${index}`,
  },
  /** What routes can't say themselves: PATCH and PUT are one with one operation id, of which OpenAPI wants two. */
  transformObject: (document) => {
    if (!('openapiObject' in document)) throw new TypeError('expected an OpenAPI 3 document')
    for (const path of Object.values(document.openapiObject.paths ?? {})) {
      markOptionalBody(path?.post)
      if (path?.patch === undefined || path.put === undefined) continue
      path.put = {
        ...path.put,
        operationId: `${path.put.operationId}WithPut`,
        summary: `${path.put.summary} (as PATCH)`,
      }
    }
    return document.openapiObject
  },
  transform: ({ schema, url, route }) => {
    const access = route.config?.access
    if (access === undefined || schema === undefined) return { schema, url }
    const request = {
      body: withOptionalDefaults(schema.body),
      querystring: withOptionalDefaults(schema.querystring),
      // Errors are written by one renderer: a serializer of each route's own for them would only slow the start.
      response: { ...(schema.response as object), '4xx': ref(ErrorBody), '5xx': ref(ErrorBody) },
    }
    if (access === 'public') return { schema: { ...schema, ...request, security: [] }, url }
    const isRemembered = [route.method].flat().some((method) => takesIdempotencyKey(method, route.config))
    const permission = PERMISSIONS[access] ?? `\`${access}\``
    const description = [schema.description, `Permission: ${permission}.`]
      .filter((text) => text !== undefined)
      .join('\n\n')
    const security: Record<string, string[]>[] = [
      ...(access === 'person' ? [] : [{ apiKey: [] }]),
      ...(route.config?.allowsClientTokens === true ? [{ clientToken: [] }] : []),
      { session: [] },
    ]
    const headers = isRemembered ? { headers: IdempotencyHeaders } : {}
    return {
      schema: { ...schema, ...request, ...headers, security, description, 'x-permission': access },
      url,
    }
  },
}
