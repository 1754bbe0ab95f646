/** The audit trail on the wire. */
import { type Static, Type } from 'typebox'
import { nullable, oneOf, timestamp } from '../../http/schemas.ts'
import type { JsonObject } from '../../lib/json.ts'
import { actorTypes, auditActions } from './audit.ts'
import type { AuditRow } from './audit-store.ts'

export const AuditEntry = Type.Object(
  {
    id: Type.String(),
    api_key_id: nullable(Type.String({ description: 'Null: about all keys of the environment.' })),
    action: oneOf(auditActions),
    actor: Type.Object({
      type: oneOf(actorTypes),
      id: nullable(Type.String({ description: 'The key’s, or the member’s user.' })),
      name: nullable(Type.String({ description: 'The key’s or the member’s, as it was then.' })),
      ip: nullable(Type.String()),
      user_agent: nullable(Type.String()),
      request_id: nullable(Type.String()),
    }),
    changes: Type.Unsafe<JsonObject>({
      type: 'object',
      additionalProperties: true,
      description: '`{"field": {"from": …, "to": …}}` of an update; what else is known of other actions.',
    }),
    created_at: timestamp('When.'),
  },
  { $id: 'ApiKeyAuditEntry' },
)

export function auditToWire(row: AuditRow): Static<typeof AuditEntry> {
  return {
    id: row.id,
    api_key_id: row.api_key_id,
    // Only recordAudit() writes them.
    action: row.action as (typeof auditActions)[number],
    actor: {
      type: row.actor_type as (typeof actorTypes)[number],
      id: row.actor_id,
      name: row.actor_name,
      ip: row.address,
      user_agent: row.user_agent,
      request_id: row.request_id,
    },
    changes: row.changes,
    created_at: row.created_at.toISOString(),
  }
}
