/** `GET /v1/overview`: what Home shows. */
import { ok, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { Overview, OverviewQuery, overviewToWire } from './schema.ts'
import type { OverviewService } from './service.ts'

export function overviewRoutes(app: HttpServer, { overview }: { overview: OverviewService }): void {
  app.addSchema(Overview)
  app.get(
    '/overview',
    {
      config: { access: 'conversations:read' },
      schema: {
        operationId: 'getOverview',
        summary: 'How conversations went',
        description:
          'Who waits for a person now; and of a range of time, how many there were and how they went.',
        tags: ['Conversations'],
        querystring: OverviewQuery,
        response: { 200: success(ref(Overview)) },
      },
    },
    async (request) => ok(overviewToWire(await overview.get(request.principal, request.query))),
  )
}
