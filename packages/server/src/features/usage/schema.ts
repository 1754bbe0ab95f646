/** Usage of an environment on the wire. */
import { type Static, Type } from 'typebox'
import { oneOf, strict, timestamp } from '../../http/schemas.ts'
import { countFields, countsToWire } from '../../usage-counts.ts'
import type { Usage as UsageOfKeys } from './service.ts'

export const UsageQuery = strict({
  since: Type.Optional(
    timestamp('Begin of the range; by default a day (hours) or 30 days (days) before its end.'),
  ),
  until: Type.Optional(timestamp('End of the range; by default now.')),
  interval: oneOf(['hour', 'day'], { default: 'day', description: 'Days are UTC days.' }),
  api_key_id: Type.Optional(Type.String({ maxLength: 64, description: 'Only requests of this key.' })),
})

export const Usage = Type.Object(
  {
    since: timestamp('Begin of the range.'),
    until: timestamp('End of the range.'),
    interval: oneOf(['hour', 'day']),
    totals: Type.Object(countFields),
    buckets: Type.Array(Type.Object({ start: timestamp('Begin of the hour or day.'), ...countFields }), {
      description: 'Only hours or days with requests, oldest first.',
    }),
    keys: Type.Array(Type.Object({ api_key_id: Type.String(), name: Type.String(), ...countFields }), {
      description: 'Each with the requests of its client tokens, the most requests first, 1,000 at most.',
    }),
    has_more_keys: Type.Boolean(),
  },
  { $id: 'Usage' },
)

export function usageToWire(usage: UsageOfKeys, interval: 'hour' | 'day'): Static<typeof Usage> {
  return {
    since: usage.since.toISOString(),
    until: usage.until.toISOString(),
    interval,
    totals: countsToWire(usage.totals),
    buckets: usage.buckets.map(({ start, ...counts }) => ({
      start: start.toISOString(),
      ...countsToWire(counts),
    })),
    keys: usage.keys.map(({ id, name, ...counts }) => ({ api_key_id: id, name, ...countsToWire(counts) })),
    has_more_keys: usage.hasMoreKeys,
  }
}
