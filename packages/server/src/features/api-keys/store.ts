/** SQL of API keys and the hashes of their secrets. */
import { type Insertable, type Selectable, type SqlBool, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { ApiKeySecretsTable, ApiKeysTable } from '../../db/tables/api-keys.ts'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { EnvironmentName } from '../../principal.ts'
import { type ApiKeyStatus, type Attention, NOT_ENDED, UNUSED_MS } from './status.ts'

/** A key with its current secret, the one before it, and the name of its environment. */
export type ApiKeyRow = Selectable<ApiKeysTable> & {
  environment: EnvironmentName
  plan: 'standard' | 'enterprise'
  last_four: string
  /** Of the replaced secret that ends last: at most one still works, and this is it. */
  old_last_four: string | null
  old_superseded_at: Date | null
  old_ends_at: Date | null
  owner_left_at: Date | null
}

export type SecretRow = Selectable<ApiKeySecretsTable>

export async function insertApiKey(
  tx: Tx,
  key: Insertable<ApiKeysTable>,
  secret: Insertable<ApiKeySecretsTable>,
): Promise<void> {
  await tx.insertInto('api_keys').values(key).execute()
  await insertSecret(tx, secret)
}

export async function insertSecret(tx: Tx, secret: Insertable<ApiKeySecretsTable>): Promise<void> {
  await tx.insertInto('api_key_secrets').values(secret).execute()
}

function selectApiKeys(db: Db | Tx) {
  return db
    .selectFrom('api_keys')
    .innerJoin('environments', 'environments.id', 'api_keys.environment_id')
    .innerJoin('workspaces', 'workspaces.id', 'environments.workspace_id')
    .innerJoin('api_key_secrets as current', (join) =>
      join.onRef('current.api_key_id', '=', 'api_keys.id').on('current.superseded_at', 'is', null),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('api_key_secrets')
          .select(['last_four', 'superseded_at', 'ends_at'])
          .whereRef('api_key_id', '=', 'api_keys.id')
          .where('superseded_at', 'is not', null)
          .orderBy('ends_at', 'desc')
          .limit(1)
          .as('old'),
      (join) => join.onTrue(),
    )
    .leftJoin('former_members', (join) =>
      join
        .onRef('former_members.workspace_id', '=', 'environments.workspace_id')
        .onRef('former_members.email', '=', 'api_keys.owner_email'),
    )
    .selectAll('api_keys')
    .select([
      'environments.name as environment',
      'workspaces.plan',
      'current.last_four',
      'old.last_four as old_last_four',
      'old.superseded_at as old_superseded_at',
      'old.ends_at as old_ends_at',
      'former_members.left_at as owner_left_at',
    ])
}

export function findApiKey(
  db: Db | Tx,
  environmentId: Id<'env'>,
  id: Id<'key'>,
): Promise<ApiKeyRow | undefined> {
  return selectApiKeys(db)
    .where('api_keys.environment_id', '=', environmentId)
    .where('api_keys.id', '=', id)
    .executeTakeFirst()
}

/** The same for an id that is known to be there. */
export async function getApiKey(db: Db | Tx, environmentId: Id<'env'>, id: Id<'key'>): Promise<ApiKeyRow> {
  const row = await findApiKey(db, environmentId, id)
  if (row === undefined) throw new Error(`API key ${id} is gone`)
  return row
}

export interface ApiKeyFilter {
  status?: ApiKeyStatus | typeof NOT_ENDED | undefined
  /** In the name; or the whole id, or the last four characters of a secret. */
  search?: string | undefined
  ownerEmail?: string | undefined
  attention?: Attention | undefined
  now: Date
}

/** Newest first, one row more than the page holds. */
export function listApiKeys(
  db: Db,
  environmentId: Id<'env'>,
  filter: ApiKeyFilter,
  page: PageRequest,
): Promise<ApiKeyRow[]> {
  const [afterId] = page.after ?? []
  const { status, search, ownerEmail, attention, now } = filter
  return selectApiKeys(db)
    .where('api_keys.environment_id', '=', environmentId)
    .$if(status !== undefined, (query) => query.where(statusIs(status ?? 'active', now)))
    .$if(search !== undefined, (query) => query.where(isFoundBy(String(search).trim())))
    .$if(attention !== undefined, (query) =>
      query.where(notOver(now)).where(deserves(attention ?? 'unused', now)),
    )
    .$if(ownerEmail !== undefined, (query) =>
      query.where('api_keys.owner_email', '=', String(ownerEmail).toLowerCase()),
    )
    .$if(afterId !== undefined, (query) => query.where('api_keys.id', '<', String(afterId) as Id<'key'>))
    .orderBy('api_keys.id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
}

/** Every key of a workspace that belongs to this person and is not over, in both environments: for who runs it. */
export function listKeysOfPerson(
  db: Db,
  workspaceId: Id<'ws'>,
  email: string,
  now: Date,
): Promise<ApiKeyRow[]> {
  return selectApiKeys(db)
    .where('environments.workspace_id', '=', workspaceId)
    .where('api_keys.owner_email', '=', email)
    .where(notOver(now))
    .orderBy('api_keys.id')
    .execute()
}

/** Of both environments, those that are over, too. */
export async function listKeysOfWorkspace(tx: Tx, workspaceId: Id<'ws'>): Promise<Id<'key'>[]> {
  const rows = await tx
    .selectFrom('api_keys')
    .innerJoin('environments', 'environments.id', 'api_keys.environment_id')
    .select('api_keys.id')
    .where('environments.workspace_id', '=', workspaceId)
    .execute()
  return rows.map((row) => row.id)
}

/** Of both environments. Nobody makes a key of them until the transaction ends; the ids of those that were not revoked. */
export async function revokeKeysOfWorkspace(tx: Tx, workspaceId: Id<'ws'>, now: Date): Promise<Id<'key'>[]> {
  const environments = await tx
    .selectFrom('environments')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  const ids = environments.map((environment) => environment.id)
  if (ids.length === 0) return []
  const rows = await tx
    .updateTable('api_keys')
    .set({ revoked_at: now, updated_at: now })
    .where('environment_id', 'in', ids)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

const notOver = (now: Date) =>
  sql<SqlBool>`api_keys.revoked_at IS NULL AND (api_keys.expires_at IS NULL OR api_keys.expires_at > ${now})`

/** An environment has at most a thousand keys that can be used: no index is needed for their names. */
function isFoundBy(text: string) {
  return sql<SqlBool>`(strpos(lower(api_keys.name), lower(${text})) > 0 OR api_keys.id = ${text} OR ${text} IN (current.last_four, old.last_four))`
}

/** As status.ts says it of a row: lists.test.ts shows that the two agree. */
function statusIs(status: ApiKeyStatus | typeof NOT_ENDED, now: Date) {
  const isRotating = sql<SqlBool>`coalesce(old.ends_at > ${now}, false)`
  switch (status) {
    case NOT_ENDED:
      return notOver(now)
    case 'revoked':
      return sql<SqlBool>`api_keys.revoked_at IS NOT NULL`
    case 'expired':
      return sql<SqlBool>`api_keys.revoked_at IS NULL AND api_keys.expires_at <= ${now}`
    case 'quarantined':
      return sql<SqlBool>`${notOver(now)} AND api_keys.quarantined_at IS NOT NULL`
    case 'rotating':
      return sql<SqlBool>`${notOver(now)} AND api_keys.quarantined_at IS NULL AND ${isRotating}`
    case 'active':
      return sql<SqlBool>`${notOver(now)} AND api_keys.quarantined_at IS NULL AND NOT ${isRotating}`
  }
}

function deserves(attention: Attention, now: Date) {
  switch (attention) {
    case 'unused':
      return sql<SqlBool>`coalesce(api_keys.last_used_at, api_keys.created_at) <= ${new Date(now.getTime() - UNUSED_MS)}`
    case 'never_expires':
      return sql<SqlBool>`api_keys.expires_at IS NULL`
    case 'owner_left':
      return sql<SqlBool>`former_members.left_at IS NOT NULL`
    case 'leaked':
      return sql<SqlBool>`api_keys.leaked_at IS NOT NULL`
    case 'used_in_browser':
      return sql<SqlBool>`api_keys.browser_refused_at IS NOT NULL`
  }
}

/** The row, locked until the transaction ends. */
export async function lockApiKey(tx: Tx, environmentId: Id<'env'>, id: Id<'key'>): Promise<boolean> {
  const row = await tx
    .selectFrom('api_keys')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

export async function updateApiKey(
  tx: Db | Tx,
  environmentId: Id<'env'>,
  id: Id<'key'>,
  change: Updateable<ApiKeysTable>,
): Promise<void> {
  await tx
    .updateTable('api_keys')
    .set(change)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

/** Keeps the receipt of a revocation unless one was kept before; the one that is kept. */
export async function keepRevocation(
  db: Db,
  environmentId: Id<'env'>,
  id: Id<'key'>,
  receipt: JsonObject,
): Promise<JsonObject | null> {
  const { revocation } = await db
    .updateTable('api_keys')
    .set({ revocation: sql`coalesce(revocation, ${JSON.stringify(receipt)})` })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .returning('revocation')
    .executeTakeFirstOrThrow()
  return revocation
}

/** Until the transaction ends, no other one can count the environment's keys or change its settings. */
export async function lockEnvironment(tx: Tx, environmentId: Id<'env'>): Promise<void> {
  await tx.selectFrom('environments').select('id').where('id', '=', environmentId).forNoKeyUpdate().execute()
}

/** Whether its workspace is there: ask it under the lock, which whoever deletes the workspace takes, too. */
export async function isOfLiveWorkspace(tx: Tx, environmentId: Id<'env'>): Promise<boolean> {
  const row = await tx
    .selectFrom('environments')
    .innerJoin('workspaces', 'workspaces.id', 'environments.workspace_id')
    .select('environments.id')
    .where('environments.id', '=', environmentId)
    .where('workspaces.deleted_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Keys of an environment that can be used at this instant. */
export async function countApiKeys(tx: Tx, environmentId: Id<'env'>, now: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('environment_id', '=', environmentId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirstOrThrow()
  return count
}

/** Secrets of a key, the current one first, then those that were replaced; the one that ends last first. */
export function listSecrets(db: Db | Tx, keyId: Id<'key'>, limit: number): Promise<SecretRow[]> {
  return db
    .selectFrom('api_key_secrets')
    .selectAll()
    .where('api_key_id', '=', keyId)
    .orderBy('ends_at', (order) => order.desc().nullsFirst())
    .limit(limit)
    .execute()
}

export async function updateSecret(
  tx: Tx,
  id: Id<'sec'>,
  change: Updateable<ApiKeySecretsTable>,
): Promise<void> {
  await tx.updateTable('api_key_secrets').set(change).where('id', '=', id).execute()
}

export async function getEnvironment(db: Db | Tx, environmentId: Id<'env'>) {
  return db
    .selectFrom('environments')
    .innerJoin('workspaces', 'workspaces.id', 'environments.workspace_id')
    .select(['environments.leak_response', 'workspaces.plan'])
    .where('environments.id', '=', environmentId)
    .executeTakeFirstOrThrow()
}

export async function setLeakResponse(
  db: Db,
  environmentId: Id<'env'>,
  response: 'quarantine' | 'revoke',
): Promise<void> {
  await db
    .updateTable('environments')
    .set({ leak_response: response })
    .where('id', '=', environmentId)
    .execute()
}
