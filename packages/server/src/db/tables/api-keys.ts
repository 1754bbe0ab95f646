/** Rows of API keys and of their secrets' hashes. */
import type { Id } from '../../lib/ids.ts'

export interface ApiKeysTable {
  id: Id<'key'>
  environment_id: Id<'env'>
  name: string
  permissions: string[]
  created_by: string
  created_at: Date
  updated_at: Date
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

export interface ApiKeySecretsTable {
  id: Id<'sec'>
  api_key_id: Id<'key'>
  hash: Buffer
  last_four: string
  created_at: Date
}
