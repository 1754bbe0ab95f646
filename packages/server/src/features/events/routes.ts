/** Routes that read the log of events, and the stream of it. */
import type { FastifyRequest } from 'fastify'
import { invalidField } from '../../errors.ts'
import { eventTypes } from '../../events/types.ts'
import { readPage, writePage } from '../../http/paging.ts'
import { ok, pageOf, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { closest } from '../../lib/closest.ts'
import type { CursorCodec } from '../../lib/cursor.ts'
import type { Id } from '../../lib/ids.ts'
import { callerIdOf } from '../../principal.ts'
import { Event, EventParams, EventStreamText, ListEventsQuery, StreamEventsQuery, toWire } from './schema.ts'
import type { EventService } from './service.ts'
import type { EventStreams } from './stream.ts'

export interface EventRoutesOptions {
  events: EventService
  streams: EventStreams
  /** Whether the request would still be let in now: its key may have changed while it lasts. */
  mayStillRead: (request: FastifyRequest) => Promise<boolean>
  cursors: CursorCodec
}

const tags = ['Events']

export function eventRoutes(app: HttpServer, options: EventRoutesOptions): void {
  const { events, cursors } = options
  app.addSchema(Event)
  streamRoute(app, options)

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
        types,
        conversation_id: conversationId,
        after_sequence: afterSequence,
        order,
        limit,
      } = request.query
      const scope = JSON.stringify([
        'events',
        environmentId,
        type,
        types,
        conversationId,
        afterSequence,
        order,
      ])
      const wanted = readPage(cursors, scope, request.query)
      const page = await events.list(
        request.principal,
        { type, types: readTypes(types), conversationId, afterSequence, order },
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

function streamRoute(app: HttpServer, { streams, mayStillRead }: EventRoutesOptions): void {
  app.addHook('preClose', () => streams.close())
  app.get(
    '/events/stream',
    {
      config: { access: 'events:read' },
      schema: {
        operationId: 'streamEvents',
        summary: 'Follow events as they happen',
        description:
          'Server-Sent Events of the whole environment, in the order of `GET /v1/events?order=asc`. A client that lost the connection sends the last `id` that it saw as `Last-Event-ID`, and sees every event once; without it, those from now on. Something is sent every 15 seconds. A key may have 10 streams open; a stream ends when its key may no longer read events, and when its client takes nothing for 30 seconds.',
        tags,
        querystring: StreamEventsQuery,
        response: {
          200: {
            description: 'Until one side ends it.',
            content: { 'text/event-stream': { schema: EventStreamText } },
          },
        },
      },
    },
    async (request, reply) => {
      const { conversation_id: conversationId, types, last_event_id: inQuery } = request.query
      const inHeader = request.headers['last-event-id']
      const lastEventId =
        inHeader === undefined
          ? readEventId('last_event_id', inQuery)
          : readEventId('Last-Event-ID', String(inHeader))
      const wanted = { conversationId, types: readTypes(types), lastEventId }
      reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no')
      if (request.method === 'HEAD') return ''
      const over = new AbortController()
      reply.raw.once('close', () => over.abort())
      return streams.start({
        ...wanted,
        caller: request.principal,
        callerId: callerIdOf(request.principal),
        mayStillRead: () => mayStillRead(request),
        over,
        cut: () => request.raw.socket.destroy(),
      })
    },
  )
}

/** An empty one is none: that is what a client that never saw an id may send. */
function readEventId(param: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const sequence = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(sequence))
    throw invalidField(param, 'must be the id of an event of a stream, a whole number')
  return sequence
}

function readTypes(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const types = [...new Set(text.split(',').map((type) => type.trim()))]
  for (const type of types) {
    if (eventTypes.some((known) => known === type)) continue
    const meant = closest(type, eventTypes)
    const hint = meant === undefined ? `There are ${eventTypes.join(', ')}.` : `Did you mean ${meant}?`
    throw invalidField('types', `must be names of events: ${JSON.stringify(type.slice(0, 50))} is none`, hint)
  }
  return types
}
