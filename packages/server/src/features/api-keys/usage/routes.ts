/** Routes that say how keys are used, what was done to them, and which permissions they need. */
import { readPage, writePage } from '../../../http/paging.ts'
import { accessByEndpoint } from '../../../http/routes.ts'
import { ok, pageOf, pageQuery, ref, strict, success } from '../../../http/schemas.ts'
import type { HttpServer } from '../../../http/server.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { CursorCodec } from '../../../lib/cursor.ts'
import type { Id } from '../../../lib/ids.ts'
import { type Permission, permissions } from '../../../principal.ts'
import { AuditEntry, auditToWire } from '../audit-schema.ts'
import { ApiKeyParams } from '../schema.ts'
import type { ApiKeyService } from '../service.ts'
import {
  ApiKeyUsage,
  SuggestedPermissionsBody,
  suggestionToWire,
  UsageQuery,
  usageSchemas,
  usageToWire,
} from './schema.ts'
import type { UsageService } from './service.ts'

export interface UsageRoutesOptions {
  usage: UsageService
  apiKeys: ApiKeyService
  cursors: CursorCodec
  clock: Clock
}

const tags = ['API keys']

export function usageRoutes(app: HttpServer, { usage, apiKeys, cursors, clock }: UsageRoutesOptions): void {
  for (const schema of [...usageSchemas, AuditEntry]) app.addSchema(schema)
  const config = { access: 'api_keys:read' } as const

  app.get(
    '/api_keys/:id/usage',
    {
      config,
      schema: {
        operationId: 'getApiKeyUsage',
        summary: 'Who uses a key, and how it goes',
        description: 'Up to the second on the server that answers, a second behind on others.',
        tags,
        params: ApiKeyParams,
        querystring: UsageQuery,
        response: { 200: success(ref(ApiKeyUsage)) },
      },
    },
    async (request) => {
      const found = await usage.get(request.principal, request.params.id as Id<'key'>, request.query)
      return ok(usageToWire(found, request.query.interval, clock.nowMs()))
    },
  )

  app.get(
    '/api_keys/:id/suggested_permissions',
    {
      config,
      schema: {
        operationId: 'suggestApiKeyPermissions',
        summary: 'The fewest permissions that a key needs',
        description:
          'From the calls of the last 30 days that were accepted. A key that makes keys needs what it hands out, too: that is not looked at.',
        tags,
        params: ApiKeyParams,
        response: { 200: success(ref(SuggestedPermissionsBody)) },
      },
    },
    async (request) => {
      const id = request.params.id as Id<'key'>
      return ok(suggestionToWire(await usage.suggestPermissions(request.principal, id, permissionOf(app))))
    },
  )

  const list = (id: Id<'key'> | undefined) => JSON.stringify(['audit', id ?? null])
  app.get(
    '/api_keys/audit',
    {
      config,
      schema: {
        operationId: 'listApiKeyAudit',
        summary: 'What was done to keys',
        description: 'Of all keys of the environment, newest first. Entries are never changed.',
        tags,
        querystring: strict(pageQuery),
        response: { 200: pageOf(ref(AuditEntry)) },
      },
    },
    async (request) => {
      const scope = `${list(undefined)} ${request.principal.environmentId}`
      const page = await apiKeys.listAudit(
        request.principal,
        undefined,
        readPage(cursors, scope, request.query),
      )
      return writePage(cursors, scope, request.query.limit, page, auditToWire)
    },
  )

  app.get(
    '/api_keys/:id/audit',
    {
      config,
      schema: {
        operationId: 'listAuditOfApiKey',
        summary: 'What was done to a key',
        description: 'Newest first. Entries are never changed.',
        tags,
        params: ApiKeyParams,
        querystring: strict(pageQuery),
        response: { 200: pageOf(ref(AuditEntry)) },
      },
    },
    async (request) => {
      const id = request.params.id as Id<'key'>
      const scope = `${list(id)} ${request.principal.environmentId}`
      const page = await apiKeys.listAudit(request.principal, id, readPage(cursors, scope, request.query))
      return writePage(cursors, scope, request.query.limit, page, auditToWire)
    },
  )
}

/** The permission that an endpoint asks for, if it asks for one. */
function permissionOf(app: HttpServer) {
  const accessOf = accessByEndpoint(app)
  return (endpoint: string): Permission | undefined => {
    const access = accessOf(endpoint)
    return permissions.find((permission) => permission === access)
  }
}
