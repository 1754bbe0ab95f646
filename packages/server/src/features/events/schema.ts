/** Events on the wire: what webhooks will be sent, too. */
import type { Readable } from 'node:stream'
import { type Static, Type } from 'typebox'
import type { EventRow } from '../../events/log.ts'
import { eventTypes } from '../../events/types.ts'
import { oneOf, pageQuery, strict, timestamp } from '../../http/schemas.ts'
import type { EnvironmentName } from '../../principal.ts'

export const Event = Type.Object(
  {
    id: Type.String(),
    event: Type.String({ description: 'What happened, e.g. `message.received`.' }),
    type: Type.String({ description: 'The same as `event`.' }),
    timestamp: timestamp('When it happened.'),
    environment: oneOf(['test', 'live']),
    sequence: Type.Integer({ description: 'Grows with every event; not every number is used.' }),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'Event' },
)

export const ListEventsQuery = strict({
  ...pageQuery,
  type: Type.Optional(oneOf(eventTypes, { description: 'Only events of this type.' })),
  types: Type.Optional(
    Type.String({
      maxLength: 2_000,
      description: 'Only events of these types: names with commas between them.',
    }),
  ),
  conversation_id: Type.Optional(Type.String({ description: 'Only events of this conversation.' })),
  after_sequence: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'Only events after this one: with `order=asc`, the way to go on after the last event seen.',
    }),
  ),
  order: oneOf(['desc', 'asc'], {
    default: 'desc',
    description: 'Newest first, or in the order they happened.',
  }),
})

export const StreamEventsQuery = strict({
  conversation_id: Type.Optional(Type.String({ description: 'Only events of this conversation.' })),
  types: Type.Optional(
    Type.String({
      maxLength: 2_000,
      description: 'Only events of these types: names with commas between them.',
    }),
  ),
  last_event_id: Type.Optional(
    Type.String({
      maxLength: 20,
      description: 'As the header `Last-Event-ID`, for clients that can’t set it; the header comes first.',
    }),
  ),
})

/** A text that is sent bit by bit. */
export const EventStreamText = Type.Unsafe<Readable | string>({
  type: 'string',
  description:
    'Per event `id:` with its `sequence`, and `data:` with the event as `GET /v1/events` gives it, on one line.',
})

export const EventParams = Type.Object({ id: Type.String({ description: 'The event’s id, `evt_…`.' }) })

export function toWire(row: EventRow, environment: EnvironmentName): Static<typeof Event> {
  return {
    id: row.id,
    event: row.type,
    type: row.type,
    timestamp: row.created_at.toISOString(),
    environment,
    sequence: row.sequence,
    data: row.data,
  }
}
