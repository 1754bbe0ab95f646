/** SQL of API keys and the hashes of their secrets. */
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import type { ApiKeySecretsTable, ApiKeysTable } from '../../db/tables/api-keys.ts'
import type { Id } from '../../lib/ids.ts'
import type { PageRequest } from '../../lib/page.ts'
import type { EnvironmentName } from '../../principal.ts'

/** A key with the last four characters of its newest secret and the name of its environment. */
export type ApiKeyRow = Selectable<ApiKeysTable> & { last_four: string; environment: EnvironmentName }

/** What a secret proves: the key, and the workspace and environment that it belongs to. */
export type CredentialRow = ApiKeyRow & {
  secret_id: Id<'sec'>
  workspace_id: Id<'ws'>
  workspace_name: string
  plan: 'standard' | 'enterprise'
}

export async function insertApiKey(
  tx: Tx,
  key: Insertable<ApiKeysTable>,
  secret: Insertable<ApiKeySecretsTable>,
): Promise<void> {
  await tx.insertInto('api_keys').values(key).execute()
  await tx.insertInto('api_key_secrets').values(secret).execute()
}

function selectApiKeys(db: Db | Tx) {
  return db
    .selectFrom('api_keys')
    .innerJoin('environments', 'environments.id', 'api_keys.environment_id')
    .selectAll('api_keys')
    .select('environments.name as environment')
    .select(
      sql<string>`(SELECT last_four FROM api_key_secrets
                    WHERE api_key_id = api_keys.id ORDER BY api_key_secrets.id DESC LIMIT 1)`.as('last_four'),
    )
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

/** Newest first, one row more than the page holds. */
export function listApiKeys(db: Db, environmentId: Id<'env'>, page: PageRequest): Promise<ApiKeyRow[]> {
  const [afterId] = page.after ?? []
  return selectApiKeys(db)
    .where('api_keys.environment_id', '=', environmentId)
    .$if(afterId !== undefined, (query) => query.where('api_keys.id', '<', String(afterId) as Id<'key'>))
    .orderBy('api_keys.id', 'desc')
    .offset(page.offset)
    .limit(page.limit + 1)
    .execute()
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
  tx: Tx,
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

/** Keys of an environment that can be used at this instant. Until the transaction ends, no other one can count them. */
export async function countApiKeys(db: Tx, environmentId: Id<'env'>, now: Date): Promise<number> {
  await db.selectFrom('environments').select('id').where('id', '=', environmentId).forNoKeyUpdate().execute()
  const { count } = await db
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('environment_id', '=', environmentId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirstOrThrow()
  return count
}

/** Looked up by what the caller proved to hold, so this one query knows no environment beforehand. */
export function findCredential(db: Db, hash: Buffer): Promise<CredentialRow | undefined> {
  return db
    .selectFrom('api_key_secrets')
    .innerJoin('api_keys', 'api_keys.id', 'api_key_secrets.api_key_id')
    .innerJoin('environments', 'environments.id', 'api_keys.environment_id')
    .innerJoin('workspaces', 'workspaces.id', 'environments.workspace_id')
    .selectAll('api_keys')
    .select([
      'api_key_secrets.id as secret_id',
      'api_key_secrets.last_four',
      'environments.name as environment',
      'workspaces.id as workspace_id',
      'workspaces.name as workspace_name',
      'workspaces.plan',
    ])
    .where('api_key_secrets.hash', '=', hash)
    .executeTakeFirst()
}

/** Keeps the later of the stored and the given instant, for many keys at once; locked in order, so that nodes don't deadlock. */
export async function recordLastUsed(db: Db, uses: ReadonlyMap<Id<'key'>, number>): Promise<void> {
  const ids = [...uses.keys()]
  const instants = [...uses.values()].map((ms) => new Date(ms))
  await sql`
    WITH used AS (SELECT * FROM unnest(${ids}::text[], ${instants}::timestamptz[]) AS used(id, at)),
         locked AS (SELECT id FROM api_keys WHERE id IN (SELECT id FROM used) ORDER BY id FOR NO KEY UPDATE)
    UPDATE api_keys SET last_used_at = greatest(last_used_at, used.at)
      FROM used JOIN locked USING (id)
     WHERE api_keys.id = used.id`.execute(db)
}
