/** Events on the wire: what webhooks will be sent, too. */
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
