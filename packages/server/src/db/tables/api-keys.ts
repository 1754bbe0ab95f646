/** Rows of API keys, their secrets' hashes, who uses them, and what was done to them. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'

export interface ApiKeysTable {
  id: Id<'key'>
  environment_id: Id<'env'>
  name: string
  permissions: string[]
  created_by_type: Generated<'member' | 'api_key' | 'admin' | 'system'>
  /** The user's id, or the key's. */
  created_by: string | null
  created_by_name: string | null
  created_at: Date
  updated_at: Date
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
  /** Canonical CIDRs; empty: from anywhere. */
  ip_allowlist: Generated<string[]>
  /** Lower than the workspace's plan allows; null: as the plan. */
  rate_limit_per_minute: number | null
  owner_type: Generated<'app' | 'person'>
  owner_name: string | null
  owner_email: string | null
  quarantined_at: Date | null
  quarantine_reason: string | null
  quarantine_addresses: Generated<string[]>
  leaked_at: Date | null
  leak_url: string | null
  leak_source: string | null
  browser_refused_at: Date | null
  browser_origin: string | null
  expiry_noted_days: number | null
  /** Written as JSON text, read as a value. */
  revocation: ColumnType<JsonObject | null, string | null | undefined, string | null>
}

export interface ApiKeySecretsTable {
  id: Id<'sec'>
  api_key_id: Id<'key'>
  hash: Buffer
  last_four: string
  created_at: Date
  /** When another secret became the current one; null: this is it. */
  superseded_at: Date | null
  ends_at: Date | null
  end_noted: Generated<boolean>
  end_announced: Generated<boolean>
}

export interface ApiKeyClientsTable {
  environment_id: Id<'env'>
  api_key_id: Id<'key'>
  secret_id: Id<'sec'>
  endpoint: string
  address: string
  user_agent: string
  first_seen_at: Date
  last_used_at: Date | null
  requests: number
  last_refused_at: Date | null
  refused: number
  last_seen_at: GeneratedAlways<Date>
}

export interface ApiKeyUsageTable {
  environment_id: Id<'env'>
  api_key_id: Id<'key'>
  hour: Date
  requests: number
  refused: number
  rate_limited: number
  client_errors: number
  server_errors: number
}

export interface ApiKeyAuditTable {
  id: Id<'aud'>
  environment_id: Id<'env'>
  /** Null: about all keys of the environment. */
  api_key_id: Id<'key'> | null
  action: string
  actor_type: string
  actor_id: string | null
  actor_name: string | null
  address: string | null
  user_agent: string | null
  request_id: string | null
  /** Written as JSON text, read as a value. */
  changes: ColumnType<JsonObject, string, never>
  created_at: Date
}
