/** Routes of what webhooks were sent. */
import { ApiError } from '../../errors.ts'
import { readPage, writePage } from '../../http/paging.ts'
import { EmptyBody, ok, pageOf, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import { allows, type Permission, type Principal } from '../../principal.ts'
import {
  attemptToWire,
  Delivery,
  DeliveryParams,
  DeliveryWithAttempts,
  deliverySchemas,
  deliveryToWire,
  ExplainQuery,
  ExplanationBody,
  explanationToWire,
  ListDeliveriesQuery,
  RecoverBody,
  RecoveryBody,
  RecoveryParams,
  recoveryToWire,
} from './deliveries-schema.ts'
import type { DeliveryService } from './deliveries-service.ts'
import { WebhookParams } from './schema.ts'

export interface DeliveryRoutesOptions {
  deliveries: DeliveryService
  cursors: CursorCodec
}

const tags = ['Webhooks']

function assertGranted({ grants, name }: Principal, required: Permission): void {
  if (allows(grants, required)) return
  throw new ApiError('insufficient_permissions', {
    hint: `Give the key "${name}" the permission ${required} as well, or use a key that has it.`,
    details: { required, granted: grants },
  })
}

const EventParams = DeliveryParams

export function deliveryRoutes(app: HttpServer, { deliveries, cursors }: DeliveryRoutesOptions): void {
  for (const schema of deliverySchemas) app.addSchema(schema)

  app.get(
    '/webhooks/:id/deliveries',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'listDeliveries',
        summary: 'List what a webhook was sent',
        description:
          'The latest events first, of the last 30 days. An event that nobody has tried to send yet is not here: `GET /v1/events/{id}/explain` says where it is.',
        tags,
        params: WebhookParams,
        querystring: ListDeliveriesQuery,
        response: { 200: pageOf(ref(Delivery)) },
      },
    },
    async (request) => {
      const id = request.params.id as Id<'we'>
      const { limit, offset: _offset, cursor: _cursor, ...filters } = request.query
      const scope = JSON.stringify(['deliveries', request.principal.environmentId, id, filters])
      const { status, event: eventType, conversation_id: conversationId, since, until } = filters
      const filter = {
        status,
        eventType,
        conversationId,
        since: since === undefined ? undefined : new Date(since),
        until: until === undefined ? undefined : new Date(until),
      }
      const page = await deliveries.list(
        request.principal,
        id,
        filter,
        readPage(cursors, scope, request.query),
      )
      return writePage(cursors, scope, limit, page, deliveryToWire)
    },
  )

  app.get(
    '/deliveries/:id',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'getDelivery',
        summary: 'Get a delivery with its attempts',
        tags,
        params: DeliveryParams,
        response: { 200: success(ref(DeliveryWithAttempts)) },
      },
    },
    async (request) => {
      const { delivery, attempts } = await deliveries.get(request.principal, request.params.id as Id<'dlv'>)
      return ok({ ...deliveryToWire(delivery), attempt_log: attempts.map(attemptToWire) })
    },
  )

  app.post(
    '/deliveries/:id/redeliver',
    {
      config: { access: 'webhooks:write' },
      schema: {
        operationId: 'redeliver',
        summary: 'Send an event to a webhook again',
        description: 'Whatever became of it before; with retries, as the first time.',
        tags,
        params: DeliveryParams,
        body: EmptyBody,
        response: { 200: success(ref(Delivery), 'In line.') },
      },
    },
    async (request) =>
      ok(deliveryToWire(await deliveries.redeliver(request.principal, request.params.id as Id<'dlv'>))),
  )

  app.post(
    '/webhooks/:id/recover',
    {
      config: { access: 'webhooks:write' },
      schema: {
        operationId: 'recoverWebhook',
        summary: 'Send again what failed, or was never sent',
        description:
          'In order, a hundred at a time, beside what comes new. One replay of a webhook at a time. Takes `events:read`, too.',
        tags,
        params: WebhookParams,
        body: RecoverBody,
        response: { 202: success(ref(RecoveryBody), 'Begun: GET /v1/recoveries/{id} says how far it is.') },
      },
    },
    async (request, reply) => {
      const id = request.params.id as Id<'we'>
      // A replay tells of the past, which a webhook alone doesn't.
      assertGranted(request.principal, 'events:read')
      reply.code(202)
      return ok(recoveryToWire(await deliveries.recover(request.principal, id, request.body)))
    },
  )

  app.get(
    '/recoveries/:id',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'getRecovery',
        summary: 'How far a recovery is',
        tags,
        params: RecoveryParams,
        response: { 200: success(ref(RecoveryBody)) },
      },
    },
    async (request) =>
      ok(recoveryToWire(await deliveries.getRecovery(request.principal, request.params.id as Id<'rec'>))),
  )

  app.get(
    '/events/:id/explain',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'explainDelivery',
        summary: 'Why an event was delivered, or wasn’t',
        tags,
        params: EventParams,
        querystring: ExplainQuery,
        response: { 200: success(ref(ExplanationBody)) },
      },
    },
    async (request) => {
      const { webhook_id: webhookId } = request.query
      const found = await deliveries.explain(
        request.principal,
        request.params.id as Id<'evt'>,
        webhookId as Id<'we'>,
      )
      return ok(explanationToWire(found))
    },
  )
}
