/** SQL of the audit trail: written with the change that it tells of, never changed. */
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { ApiKeyAuditTable } from '../../db/tables/api-keys.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { Actor, AuditAction } from './audit.ts'

export type AuditRow = Selectable<ApiKeyAuditTable>

export interface AuditEntry {
  environmentId: Id<'env'>
  /** Null: about all keys of the environment. */
  keyId: Id<'key'> | null
  action: AuditAction
  actor: Actor
  /** `{ field: { from, to } }`, or what else is worth knowing. Never a secret. */
  changes?: JsonObject
  at: Date
}

export async function recordAudit(
  tx: Tx,
  { environmentId, keyId, action, actor, changes = {}, at }: AuditEntry,
) {
  await tx
    .insertInto('api_key_audit')
    .values({
      id: newId('aud'),
      environment_id: environmentId,
      api_key_id: keyId,
      action,
      actor_type: actor.type,
      actor_id: actor.id,
      actor_name: actor.name,
      address: actor.address,
      user_agent: actor.userAgent?.slice(0, 256) ?? null,
      request_id: actor.requestId,
      changes: JSON.stringify(changes),
      created_at: at,
    })
    .execute()
}

/** Newest first, one row more than the page holds. */
export function listAudit(
  db: Db,
  environmentId: Id<'env'>,
  keyId: Id<'key'> | undefined,
  page: PageRequest,
): Promise<AuditRow[]> {
  const [afterId] = page.after ?? []
  return db
    .selectFrom('api_key_audit')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .$if(keyId !== undefined, (query) => query.where('api_key_id', '=', keyId as Id<'key'>)) // checked just before
    .$if(afterId !== undefined, (query) => query.where('id', '<', String(afterId) as Id<'aud'>))
    .orderBy('id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}
