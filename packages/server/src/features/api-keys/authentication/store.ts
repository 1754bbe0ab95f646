/** SQL that finds what a secret or a client token proves. */
import type { Selectable } from 'kysely'
import type { Db } from '../../../db/client.ts'
import type { ApiKeySecretsTable, ApiKeysTable } from '../../../db/tables/api-keys.ts'
import type { WorkspacesTable } from '../../../db/tables/workspaces.ts'
import type { Id } from '../../../lib/ids.ts'
import type { EnvironmentName } from '../../../principal.ts'

/** A key with its current secret, and the workspace and environment that it belongs to. */
export type KeyCredentialRow = Selectable<ApiKeysTable> & {
  secret_id: Id<'sec'>
  environment: EnvironmentName
  workspace_id: Id<'ws'>
  workspace_name: string
  plan: WorkspacesTable['plan']
}

/** The same, with the secret that was looked up. */
export type CredentialRow = KeyCredentialRow &
  Pick<Selectable<ApiKeySecretsTable>, 'last_four' | 'superseded_at' | 'ends_at'>

function selectCredentials(db: Db) {
  return db
    .selectFrom('api_key_secrets')
    .innerJoin('api_keys', 'api_keys.id', 'api_key_secrets.api_key_id')
    .innerJoin('environments', 'environments.id', 'api_keys.environment_id')
    .innerJoin('workspaces', 'workspaces.id', 'environments.workspace_id')
    .selectAll('api_keys')
    .select([
      'api_key_secrets.id as secret_id',
      'api_key_secrets.last_four',
      'api_key_secrets.superseded_at',
      'api_key_secrets.ends_at',
      'environments.name as environment',
      'workspaces.id as workspace_id',
      'workspaces.name as workspace_name',
      'workspaces.plan',
    ])
}

/** Looked up by what the caller proved to hold, so this one query knows no environment beforehand. */
export function findCredential(db: Db, hash: Buffer): Promise<CredentialRow | undefined> {
  return selectCredentials(db).where('api_key_secrets.hash', '=', hash).executeTakeFirst()
}

/** The same for several at once, in their order; undefined for those that nobody has. */
export async function findCredentials(
  db: Db,
  hashes: readonly Buffer[],
): Promise<(CredentialRow | undefined)[]> {
  const rows = await selectCredentials(db)
    .select('api_key_secrets.hash')
    .where('api_key_secrets.hash', 'in', hashes)
    .execute()
  const byHash = new Map(rows.map((row) => [row.hash.toString('hex'), row]))
  return hashes.map((hash) => byHash.get(hash.toString('hex')))
}

/** The same for a secret that was found before. */
export function findSecretCredential(
  db: Db,
  environmentId: Id<'env'>,
  secretId: Id<'sec'>,
): Promise<CredentialRow | undefined> {
  return selectCredentials(db)
    .where('api_keys.environment_id', '=', environmentId)
    .where('api_key_secrets.id', '=', secretId)
    .executeTakeFirst()
}

/** The key that signed a token, by its current secret. */
export function findKeyCredential(
  db: Db,
  environmentId: Id<'env'>,
  keyId: Id<'key'>,
): Promise<KeyCredentialRow | undefined> {
  return selectCredentials(db)
    .where('api_keys.environment_id', '=', environmentId)
    .where('api_keys.id', '=', keyId)
    .where('api_key_secrets.superseded_at', 'is', null)
    .executeTakeFirst()
}
