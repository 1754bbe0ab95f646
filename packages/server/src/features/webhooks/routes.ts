/** Routes of webhooks. */
import { readPage, writePage } from '../../http/paging.ts'
import { DeletedBody, EmptyBody, ok, pageOf, pageQuery, ref, strict, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { Clock } from '../../lib/clock.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import { type Health, healthToWire } from './health.ts'
import {
  CreatedWebhook,
  CreateWebhookBody,
  checkToWire,
  RotatedWebhook,
  RotateSecretBody,
  SavedWebhook,
  TestedWebhook,
  toWire,
  UpdateWebhookBody,
  WatchedWebhook,
  Webhook,
  WebhookParams,
  webhookSchemas,
} from './schema.ts'
import { DEFAULT_OVERLAP_SECONDS, type WebhookService } from './service.ts'

export interface WebhookRoutesOptions {
  webhooks: WebhookService
  cursors: CursorCodec
  clock: Clock
}

const tags = ['Webhooks']

export function webhookRoutes(app: HttpServer, { webhooks, cursors, clock }: WebhookRoutesOptions): void {
  for (const schema of webhookSchemas) app.addSchema(schema)
  const wire = (row: Parameters<typeof toWire>[0]) => toWire(row, webhooks.describeSealed(row), clock.nowMs())
  const watched = ({ health, ...row }: Parameters<typeof toWire>[0] & { health: Health }) => ({
    ...wire(row),
    health: healthToWire(health),
  })
  const config = { access: 'webhooks:write' } as const

  app.post(
    '/webhooks',
    {
      config: { ...config, answersWithSecret: true },
      schema: {
        operationId: 'createWebhook',
        summary: 'Create a webhook',
        description:
          'Requests follow Standard Webhooks 1.0.0. A test event is sent at once. The webhook is told of what happens from now on.',
        tags,
        body: CreateWebhookBody,
        response: { 201: success(ref(CreatedWebhook), 'Made. The secret is in this answer only.') },
      },
    },
    async (request, reply) => {
      const made = await webhooks.create(request.principal, request.body)
      reply.code(201)
      return ok({
        ...wire(made.webhook),
        url_check: checkToWire(made.judgement),
        test_delivery_id: made.testDeliveryId,
        signing_secret: made.secret,
      })
    },
  )

  app.get(
    '/webhooks',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'listWebhooks',
        summary: 'List webhooks',
        tags,
        querystring: strict(pageQuery),
        response: { 200: pageOf(ref(WatchedWebhook)) },
      },
    },
    async (request) => {
      const scope = `webhooks ${request.principal.environmentId}`
      const page = await webhooks.list(request.principal, readPage(cursors, scope, request.query))
      return writePage(cursors, scope, request.query.limit, page, watched)
    },
  )

  app.get(
    '/webhooks/:id',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'getWebhook',
        summary: 'Get a webhook',
        tags,
        params: WebhookParams,
        response: { 200: success(ref(WatchedWebhook)) },
      },
    },
    async (request) => ok(watched(await webhooks.watch(request.principal, request.params.id as Id<'we'>))),
  )

  app.route({
    method: ['PATCH', 'PUT'],
    url: '/webhooks/:id',
    config,
    schema: {
      operationId: 'updateWebhook',
      summary: 'Change a webhook',
      description: '`headers` replaces all of them. Holds for what is sent from now on, retries among it.',
      tags,
      params: WebhookParams,
      body: UpdateWebhookBody,
      response: { 200: success(ref(SavedWebhook)) },
    },
    handler: async (request) => {
      const { judgement, ...row } = await webhooks.update(
        request.principal,
        request.params.id as Id<'we'>,
        request.body,
      )
      return ok({ ...wire(row), ...(judgement === undefined ? {} : { url_check: checkToWire(judgement) }) })
    },
  })

  app.delete(
    '/webhooks/:id',
    {
      config,
      schema: {
        operationId: 'deleteWebhook',
        summary: 'Delete a webhook for good',
        tags,
        params: WebhookParams,
        response: { 200: DeletedBody },
      },
    },
    async (request) => {
      await webhooks.delete(request.principal, request.params.id as Id<'we'>)
      return ok({ id: request.params.id, deleted: true as const })
    },
  )

  app.post(
    '/webhooks/:id/test',
    {
      config,
      schema: {
        operationId: 'testWebhook',
        summary: 'Send a test event',
        description: 'An event `webhook.test` for this webhook alone, on the way that all events take.',
        tags,
        params: WebhookParams,
        body: EmptyBody,
        response: { 200: success(ref(TestedWebhook), 'On its way.') },
      },
    },
    async (request) => {
      const { deliveryId } = await webhooks.test(request.principal, request.params.id as Id<'we'>)
      return ok({ delivery_id: deliveryId })
    },
  )

  app.post(
    '/webhooks/:id/rotate_secret',
    {
      config: { ...config, needsProof: true, answersWithSecret: true },
      schema: {
        operationId: 'rotateWebhookSecret',
        summary: 'Give a webhook a new signing secret',
        description: 'Until the overlap ends, each request carries two signatures.',
        tags,
        params: WebhookParams,
        body: RotateSecretBody,
        response: { 200: success(ref(RotatedWebhook), 'The new secret is in this answer only.') },
      },
    },
    async (request) => {
      const { webhook, secret } = await webhooks.rotateSecret(
        request.principal,
        request.params.id as Id<'we'>,
        request.body?.overlap_seconds ?? DEFAULT_OVERLAP_SECONDS,
      )
      return ok({ ...wire(webhook), signing_secret: secret })
    },
  )

  const command = (name: 'pause' | 'resume', summary: string, description: string): void => {
    app.post(
      `/webhooks/:id/${name}`,
      {
        config,
        schema: {
          operationId: `${name}Webhook`,
          summary,
          description,
          tags,
          params: WebhookParams,
          body: EmptyBody,
          response: { 200: success(ref(Webhook)) },
        },
      },
      async (request) => ok(wire(await webhooks[name](request.principal, request.params.id as Id<'we'>))),
    )
  }
  command(
    'pause',
    'Send nothing for a while',
    'What comes meanwhile is kept, for up to 30 days, in its order.',
  )
  command('resume', 'Send again', 'What was kept follows in order. Also brings a disabled webhook back.')
}
