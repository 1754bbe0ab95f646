/** The 404 that helps: what belongs to somebody else looks like nothing, what is in one's own other environment is named. */
import type { Db, Tx } from './db/client.ts'
import { ApiError } from './errors.ts'
import type { Scope } from './principal.ts'

const things = {
  api_keys: ['an API key', 'key_'],
  contacts: ['a contact', 'cust_'],
  conversations: ['a conversation', 'conv_'],
  knowledge_sources: ['a knowledge source', 'src_'],
  events: ['an event', 'evt_'],
  request_logs: ['a request', 'req_'],
  webhooks: ['a webhook', 'we_'],
  deliveries: ['a delivery', 'dlv_'],
  webhook_recoveries: ['a recovery', 'rec_'],
} as const

type OwnedTable = keyof typeof things

/** The error to throw when the table has no such id in the principal's environment. */
export async function notFound(
  db: Db | Tx,
  principal: Scope,
  table: OwnedTable,
  id: string,
): Promise<ApiError> {
  const [thing, prefix] = things[table]
  if (!id.startsWith(prefix)) {
    return new ApiError('not_found', { hint: `${id} is not the id of ${thing}: those begin with ${prefix}.` })
  }
  const other = await db
    .selectFrom(table)
    .innerJoin('environments', 'environments.id', `${table}.environment_id`)
    .select('environments.name')
    .where(`${table}.id`, '=', id as never) // ids of one table are one type; the union of tables has none in common
    .where('environments.workspace_id', '=', principal.workspaceId)
    .where('environments.id', '!=', principal.environmentId)
    .executeTakeFirst()
  if (other === undefined)
    return new ApiError('not_found', { hint: `There is no ${id} in this environment.` })
  return new ApiError('not_found', {
    hint: `${id} belongs to the ${other.name} environment, and this is a ${principal.environment} key.`,
    details: { environment: other.name },
  })
}
