/** Routes of API keys, and `GET /me`, the way to test one. */

import { readPage, writePage } from '../../http/paging.ts'
import { EmptyBody, ok, pageOf, pageQuery, ref, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { Clock } from '../../lib/clock.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import type { ApiKeyPrincipal } from '../../principal.ts'
import {
  ApiKeyParams,
  ApiKeyRef,
  apiKeySchemas,
  CreateApiKeyBody,
  CreatedApiKey,
  Me,
  RevokedApiKey,
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

  app.get(
    '/me',
    {
      config: { access: 'any_key' },
      schema: {
        operationId: 'getMe',
        summary: 'Who is this key?',
        tags,
        response: { 200: success(ref(Me)) },
      },
    },
    (request) => ok(me(request.principal)),
  )

  app.post(
    '/api_keys',
    {
      config: { access: 'api_keys:write' },
      schema: {
        operationId: 'createApiKey',
        summary: 'Create a key',
        tags,
        body: CreateApiKeyBody,
        response: { 201: success(ref(CreatedApiKey), 'Made. The secret is in this answer only.') },
      },
    },
    async (request, reply) => {
      const { environmentId, environment, grants, expiresAt, keyId } = request.principal
      const { key, secret } = await apiKeys.create(
        { environmentId, environment, grants, expiresAt, label: keyId },
        request.body,
      )
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
        querystring: strict(pageQuery),
        response: { 200: pageOf(ApiKeyRef) },
      },
    },
    async (request) => {
      const scope = `api_keys ${request.principal.environmentId}`
      const page = await apiKeys.list(request.principal, readPage(cursors, scope, request.query))
      return writePage(cursors, scope, request.query.limit, page, (key) => toWire(key, clock.nowMs()))
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
    config: { access: 'api_keys:write' },
    schema: {
      operationId: 'updateApiKey',
      summary: 'Change a key’s name, permissions or expiry',
      tags,
      params: ApiKeyParams,
      body: UpdateApiKeyBody,
      response: { 200: success(ApiKeyRef) },
    },
    handler: async (request) => {
      const key = await apiKeys.update(request.principal, request.params.id as Id<'key'>, request.body)
      return ok(toWire(key, clock.nowMs()))
    },
  })

  const revoked = { 200: success(ref(RevokedApiKey), 'The key is refused from now on.') }
  app.post(
    '/api_keys/:id/revoke',
    {
      config: { access: 'api_keys:write' },
      schema: {
        operationId: 'revokeApiKey',
        summary: 'Revoke a key',
        tags,
        params: ApiKeyParams,
        body: EmptyBody,
        response: revoked,
      },
    },
    async (request) =>
      receipt(await apiKeys.revoke(request.principal, request.params.id as Id<'key'>), clock),
  )

  app.delete(
    '/api_keys/:id',
    {
      config: { access: 'api_keys:write' },
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
      receipt(await apiKeys.revoke(request.principal, request.params.id as Id<'key'>), clock),
  )
}

function receipt({ key, tookMs, nodes }: Revocation, clock: Clock) {
  return ok({
    ...toWire(key, clock.nowMs()),
    took_ms: tookMs,
    nodes: nodes.map((node) => ({ id: node.id, took_ms: node.tookMs })),
  })
}

function me(principal: ApiKeyPrincipal) {
  return {
    id: principal.keyId,
    name: principal.name,
    environment: principal.environment,
    workspace: { id: principal.workspaceId, name: principal.workspaceName },
    permissions: [...principal.grants],
    rate_limit_per_minute: principal.rateLimitPerMinute,
    expires_at: principal.expiresAt?.toISOString() ?? null,
    secret_last_four: principal.lastFour,
  }
}
