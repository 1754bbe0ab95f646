/** Routes that read the log of events. */
import { readPage, writePage } from '../../http/paging.ts'
import { ok, pageOf, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import { Event, EventParams, ListEventsQuery, toWire } from './schema.ts'
import type { EventService } from './service.ts'

export interface EventRoutesOptions {
  events: EventService
  cursors: CursorCodec
}

const tags = ['Events']

export function eventRoutes(app: HttpServer, { events, cursors }: EventRoutesOptions): void {
  app.addSchema(Event)

  app.get(
    '/events',
    {
      config: { access: 'events:read' },
      schema: {
        operationId: 'listEvents',
        summary: 'List events',
        description:
          'With `order=asc` and `after_sequence` a reader that goes on after the last event it saw sees every event once, in order: none appears later with a lower sequence. Events carry what they tell of (names, addresses, the text of messages): give `events:read` to who may see all of it.',
        tags,
        querystring: ListEventsQuery,
        response: { 200: pageOf(ref(Event)) },
      },
    },
    async (request) => {
      const { environmentId, environment } = request.principal
      const {
        type,
        conversation_id: conversationId,
        after_sequence: afterSequence,
        order,
        limit,
      } = request.query
      const scope = JSON.stringify(['events', environmentId, type, conversationId, afterSequence, order])
      const wanted = readPage(cursors, scope, request.query)
      const page = await events.list(
        request.principal,
        { type, conversationId, afterSequence, order },
        wanted,
      )
      return writePage(cursors, scope, limit, page, (row) => toWire(row, environment))
    },
  )

  app.get(
    '/events/:id',
    {
      config: { access: 'events:read' },
      schema: {
        operationId: 'getEvent',
        summary: 'Get an event',
        tags,
        params: EventParams,
        response: { 200: success(ref(Event)) },
      },
    },
    async (request) => {
      const row = await events.get(request.principal, request.params.id as Id<'evt'>)
      return ok(toWire(row, request.principal.environment))
    },
  )
}
