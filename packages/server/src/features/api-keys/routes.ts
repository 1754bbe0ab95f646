/** Routes of API keys. */

import { readPage, writePage } from '../../http/paging.ts'
import { EmptyBody, ok, pageOf, pageQuery, ref, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { Clock } from '../../lib/clock.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import { callerOf } from './caller.ts'
import {
  ApiKeyParams,
  ApiKeyRef,
  apiKeySchemas,
  ChangedApiKey,
  CreateApiKeyBody,
  CreatedApiKey,
  listFilters,
  toWire,
  UpdateApiKeyBody,
} from './schema.ts'
import type { ApiKeyService, Revocation } from './service.ts'

export interface ApiKeyRoutesOptions {
  apiKeys: ApiKeyService
  cursors: CursorCodec
  clock: Clock
}

const tags = ['API keys']

export function apiKeyRoutes(app: HttpServer, { apiKeys, cursors, clock }: ApiKeyRoutesOptions): void {
  for (const schema of apiKeySchemas) app.addSchema(schema)

  app.post(
    '/api_keys',
    {
      config: { access: 'api_keys:write', needsProof: true, answersWithSecret: true },
      schema: {
        operationId: 'createApiKey',
        summary: 'Create a key',
        description:
          'A key can’t make a key that may do more, lives longer, works from more addresses or has a higher limit than it. Without `permissions` and `preset` the new key may do everything; other limits that are left out are those of the calling key.',
        tags,
        body: CreateApiKeyBody,
        response: { 201: success(ref(CreatedApiKey), 'Made. The secret is in this answer only.') },
      },
    },
    async (request, reply) => {
      const { key, secret } = await apiKeys.create(callerOf(request), request.body)
      return reply.code(201).send(ok({ ...toWire(key, clock.nowMs()), secret }))
    },
  )

  app.get(
    '/api_keys',
    {
      config: { access: 'api_keys:read' },
      schema: {
        operationId: 'listApiKeys',
        summary: 'List keys',
        tags,
        querystring: strict({ ...pageQuery, ...listFilters }),
        response: { 200: pageOf(ApiKeyRef) },
      },
    },
    async (request) => {
      const { limit, status, search, attention, owner_email: ownerEmail } = request.query
      const filter = { status, search, attention, ownerEmail }
      const scope = JSON.stringify(['api_keys', request.principal.environmentId, filter])
      const page = await apiKeys.list(request.principal, filter, readPage(cursors, scope, request.query))
      return writePage(cursors, scope, limit, page, (key) => toWire(key, clock.nowMs()))
    },
  )

  app.get(
    '/api_keys/:id',
    {
      config: { access: 'api_keys:read' },
      schema: {
        operationId: 'getApiKey',
        summary: 'Get a key',
        tags,
        params: ApiKeyParams,
        response: { 200: success(ApiKeyRef) },
      },
    },
    async (request) =>
      ok(toWire(await apiKeys.get(request.principal, request.params.id as Id<'key'>), clock.nowMs())),
  )

  app.route({
    method: ['PATCH', 'PUT'],
    url: '/api_keys/:id',
    config: { access: 'api_keys:write', needsProof: true },
    schema: {
      operationId: 'updateApiKey',
      summary: 'Change a key',
      description: 'Every server knows the change before the answer.',
      tags,
      params: ApiKeyParams,
      body: UpdateApiKeyBody,
      response: { 200: success(ApiKeyRef) },
    },
    handler: async (request) => {
      const key = await apiKeys.update(callerOf(request), request.params.id as Id<'key'>, request.body)
      return ok(toWire(key, clock.nowMs()))
    },
  })

  const revoked = { 200: success(ref(ChangedApiKey), 'The key is refused from now on.') }
  app.post(
    '/api_keys/:id/revoke',
    {
      config: { access: 'api_keys:write', needsProof: true },
      schema: {
        operationId: 'revokeApiKey',
        summary: 'Revoke a key',
        description:
          'Answers when every server has dropped the key. Requests that had begun are finished; none that begins after the answer is accepted.',
        tags,
        params: ApiKeyParams,
        body: EmptyBody,
        response: revoked,
      },
    },
    async (request) =>
      revocation(await apiKeys.revoke(callerOf(request), request.params.id as Id<'key'>), clock),
  )

  app.delete(
    '/api_keys/:id',
    {
      config: { access: 'api_keys:write', needsProof: true },
      schema: {
        operationId: 'deleteApiKey',
        summary: 'Revoke a key',
        description: 'The same as revoking it: the key stays in the list as revoked, for its history.',
        tags,
        params: ApiKeyParams,
        response: revoked,
      },
    },
    async (request) =>
      revocation(await apiKeys.revoke(callerOf(request), request.params.id as Id<'key'>), clock),
  )
}

function revocation({ key, receipt }: Revocation, clock: Clock) {
  return ok({ ...toWire(key, clock.nowMs()), ...receipt })
}
