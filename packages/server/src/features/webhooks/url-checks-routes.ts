/** The route that judges a URL before there is a webhook. */
import { ok, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { UrlChecks } from './url-checks.ts'
import { CheckUrlBody, urlCheckToWire, WebhookUrlCheck } from './url-checks-schema.ts'

export function urlCheckRoutes(app: HttpServer, { urlChecks }: { urlChecks: UrlChecks }): void {
  app.addSchema(WebhookUrlCheck)
  app.post(
    '/webhooks/check_url',
    {
      config: { access: 'webhooks:write', onlyReads: true },
      schema: {
        operationId: 'checkWebhookUrl',
        summary: 'Say whether a URL could be a webhook’s',
        description:
          'Judged as when a webhook is saved: its name is resolved, and nothing is sent there. A URL that is refused is no error here. A workspace may ask 60 times a minute.',
        tags: ['Webhooks'],
        body: CheckUrlBody,
        response: { 200: success(ref(WebhookUrlCheck)) },
      },
    },
    async (request) => ok(urlCheckToWire(await urlChecks.check(request.principal, request.body.url))),
  )
}
