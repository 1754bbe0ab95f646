/** Routes that read request logs. */
import { readPage, writePage } from '../../http/paging.ts'
import { accessByEndpoint } from '../../http/routes.ts'
import { ok, pageOf, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import { allows, type Grant, type Permission, permissions } from '../../principal.ts'
import {
  detailToWire,
  ListRequestLogsQuery,
  listedToWire,
  RequestLog,
  RequestLogDetail,
  RequestLogParams,
} from './schema.ts'
import type { RequestLogService } from './service.ts'

export interface RequestLogRoutesOptions {
  requestLogs: RequestLogService
  cursors: CursorCodec
}

const tags = ['Request logs']

export function requestLogRoutes(app: HttpServer, { requestLogs, cursors }: RequestLogRoutesOptions): void {
  for (const schema of [RequestLog, RequestLogDetail]) app.addSchema(schema)
  const withheldFrom = withholding(app)

  // They repeat what their reader may see, and others who may read logs may not.
  const config = { access: 'usage:read', isAnswerNoted: false } as const

  app.get(
    '/request_logs',
    {
      config,
      schema: {
        operationId: 'listRequestLogs',
        summary: 'List requests',
        description:
          'Every request by a key or client token of the environment, and writes and failures of signed-in members, newest first, without bodies. Up to the second on the server that answers, a second behind on others.',
        tags,
        querystring: ListRequestLogsQuery,
        response: { 200: pageOf(ref(RequestLog)) },
      },
    },
    async (request) => {
      const { environmentId, environment, grants } = request.principal
      const { limit, cursor: _cursor, offset: _offset, ...filter } = request.query
      const scope = JSON.stringify(['request_logs', environmentId, Object.entries(filter).toSorted()])
      const wanted = readPage(cursors, scope, request.query)
      const page = await requestLogs.list(request.principal, filter, wanted)
      return writePage(cursors, scope, limit, page, (row) =>
        listedToWire(row, environment, withheldFrom(grants, row.endpoint)),
      )
    },
  )

  app.get(
    '/request_logs/:id',
    {
      config,
      schema: {
        operationId: 'getRequestLog',
        summary: 'Get a request, with its bodies',
        description: 'Bodies are for who may read what the endpoint is about.',
        tags,
        params: RequestLogParams,
        response: { 200: success(ref(RequestLogDetail)) },
      },
    },
    async (request) => {
      const row = await requestLogs.get(request.principal, request.params.id)
      const { environment, grants } = request.principal
      return ok(detailToWire(row, environment, withheldFrom(grants, row.endpoint)))
    },
  )
}

/** The permission that whoever has these grants lacks to read what a call of the endpoint was about, or null. */
function withholding(app: HttpServer): (grants: readonly Grant[], endpoint: string) => string | null {
  let accessOf: ReturnType<typeof accessByEndpoint> | undefined
  return (grants, endpoint) => {
    // Once all routes are there.
    accessOf ??= accessByEndpoint(app)
    const access = accessOf(endpoint)
    if (access === 'any_key' || access === 'public') return null
    // Of an endpoint that is no more nobody knows what it was about.
    const needed = permissions.find((permission) => permission === access)
    if (needed === undefined) return grants.includes('*') ? null : '*'
    const reading = readingOf(needed)
    return allows(grants, reading) ? null : reading
  }
}

/** The permission to read the same resource. */
function readingOf(permission: Permission): Permission {
  return permission.replace(/:write$/, ':read') as Permission // every resource has both
}
