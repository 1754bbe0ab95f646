/** `GET /v1/usage`: how the keys of an environment are used. */
import { ok, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { Usage, UsageQuery, usageToWire } from './schema.ts'
import type { EnvironmentUsageService } from './service.ts'

export function environmentUsageRoutes(app: HttpServer, { usage }: { usage: EnvironmentUsageService }): void {
  app.addSchema(Usage)
  app.get(
    '/usage',
    {
      config: { access: 'usage:read' },
      schema: {
        operationId: 'getUsage',
        summary: 'How many requests there were, and how they went',
        description:
          'Of all keys of the environment, together and each; the same counting as request logs and the usage of a key. Up to the second on the server that answers, a second behind on others.',
        tags: ['Usage'],
        querystring: UsageQuery,
        response: { 200: success(ref(Usage)) },
      },
    },
    async (request) => {
      const { interval, api_key_id: keyId } = request.query
      return ok(usageToWire(await usage.get(request.principal, keyId, request.query), interval))
    },
  )
}
