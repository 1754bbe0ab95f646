/** Rows of request logs: written once, in batches, and dropped by day. */
import type { ColumnType } from 'kysely'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'

export interface RequestLogsTable {
  id: Id<'req'>
  environment_id: Id<'env'>
  created_at: Date
  method: string
  endpoint: string
  path: string
  status: number
  code: string | null
  duration_ms: number
  /** Null: a member's. */
  api_key_id: Id<'key'> | null
  client_token_id: Id<'ctok'> | null
  secret_last_four: string | null
  member_id: Id<'mem'> | null
  member_name: string | null
  address: string
  user_agent: string
  idempotency_key: string | null
  is_replay: boolean
  /** `{ request, response }`, of each the headers that were sent and are worth keeping. */
  headers: ColumnType<JsonObject, string, never>
  request_body: string | null
  request_body_bytes: number | null
  is_request_body_cut: boolean
  response_body: string | null
  response_body_bytes: number | null
  is_response_body_cut: boolean
}
