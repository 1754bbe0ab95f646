/** The overview on the wire. */
import { type Static, Type } from 'typebox'
import { nullable, strict, timestamp } from '../../http/schemas.ts'
import type { Overview as OverviewOfEnvironment } from './service.ts'

export const OverviewQuery = strict({
  since: Type.Optional(timestamp('Begin of the range; by default 7 days before its end, at most 31.')),
  until: Type.Optional(timestamp('End of the range; by default now.')),
  time_zone: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Whose days and hours these are, such as Europe/Berlin; by default UTC.',
    }),
  ),
})

const count = (description: string) => Type.Integer({ description })

export const Overview = Type.Object(
  {
    since: timestamp('Begin of the range.'),
    until: timestamp('End of the range.'),
    time_zone: Type.String(),
    needs_person: count('Open conversations that a person handles, now.'),
    open: count('Open conversations, now.'),
    conversations: count('Conversations that began in the range.'),
    new_contacts: count('Contacts made in the range.'),
    customer_messages: count('Messages that customers wrote in the range.'),
    asked: count('Of the conversations that began in the range, those in which a customer asked something.'),
    without_person: count('Of these, those that no person was asked for or wrote in.'),
    resolution_rate: nullable(
      Type.Number({ description: '`without_person` of `asked`, between 0 and 1; null when nobody asked.' }),
    ),
    answered: count('Of those that asked, those that were answered, by Clara or a person.'),
    median_first_response_ms: nullable(
      Type.Integer({ description: 'From the first question to its answer; null when none was answered.' }),
    ),
    days: Type.Array(
      Type.Object({
        date: Type.String({ format: 'date' }),
        conversations: count('That began on this day.'),
      }),
      { description: 'Every day that the range touches, oldest first.' },
    ),
    hours: Type.Array(
      Type.Object({
        hour: Type.Integer({ minimum: 0, maximum: 23 }),
        customer_messages: count('Written in this hour of any day.'),
      }),
      { description: 'All 24.' },
    ),
  },
  {
    $id: 'Overview',
    description:
      'Rates, times and customers’ messages are those of the latest 10,000 conversations of the range.',
  },
)

export function overviewToWire(overview: OverviewOfEnvironment): Static<typeof Overview> {
  const { asked, withoutPerson } = overview
  return {
    since: overview.since.toISOString(),
    until: overview.until.toISOString(),
    time_zone: overview.timeZone,
    needs_person: overview.needsPerson,
    open: overview.open,
    conversations: overview.conversations,
    new_contacts: overview.newContacts,
    customer_messages: overview.customerMessages,
    asked,
    without_person: withoutPerson,
    resolution_rate: asked === 0 ? null : withoutPerson / asked,
    answered: overview.answered,
    median_first_response_ms: overview.medianFirstResponseMs,
    days: overview.days.map(({ date, count }) => ({ date, conversations: count })),
    hours: overview.hours.map((messages, hour) => ({ hour, customer_messages: messages })),
  }
}
