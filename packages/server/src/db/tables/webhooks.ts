/** Rows of webhooks, of who delivers to them, and of what was delivered. */
import type { ColumnType, Generated } from 'kysely'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'

export type WebhookStatus = 'enabled' | 'paused' | 'disabled'
export type DisabledReason = 'failing' | 'gone'
export type DeliveryStatus = 'pending' | 'succeeded' | 'failed'
/** Why an attempt was made. */
export type AttemptCause = 'event' | 'retry' | 'redelivery' | 'recovery' | 'probe'

export interface WebhooksTable {
  id: Id<'we'>
  environment_id: Id<'env'>
  url: string
  description: string | null
  notify_email: string | null
  events: string[]
  headers: Buffer | null
  max_per_second: number | null
  signature: 'v1' | 'v1a'
  secret: Buffer
  old_secret: Buffer | null
  old_secret_ends_at: Date | null
  status: WebhookStatus
  disabled_reason: DisabledReason | null
  disabled_at: Date | null
  created_at: Date
  updated_at: Date
}

export interface WebhookConsumersTable {
  webhook_id: Id<'we'>
  position: number
  owner_node: Id<'node'> | null
  epoch: Generated<number>
  failing_since: Date | null
  last_success_at: Date | null
  last_failure_at: Date | null
  probed_at: Date | null
}

export interface DeliveriesTable {
  environment_id: Id<'env'>
  webhook_id: Id<'we'>
  event_id: Id<'evt'>
  sequence: number
  id: Id<'dlv'>
  event_type: string
  lane: string | null
  status: DeliveryStatus
  attempts: number
  round_attempts: number
  due_at: Date | null
  is_requested: Generated<boolean>
  recovery_id: Id<'rec'> | null
  last_status: number | null
  last_error: string | null
  created_at: Date
  attempted_at: Date | null
}

export interface DeliveryAttemptsTable {
  environment_id: Id<'env'>
  webhook_id: Id<'we'>
  delivery_id: Id<'dlv'>
  number: number
  cause: AttemptCause
  url: string
  started_at: Date
  duration_ms: number
  status: number | null
  error: string | null
  address: string | null
  response_headers: ColumnType<JsonObject | null, string | null, never>
  response_body: string | null
  is_response_cut: boolean
}

export interface WebhookRecoveriesTable {
  id: Id<'rec'>
  environment_id: Id<'env'>
  webhook_id: Id<'we'>
  since: Date
  until: Date
  wanted: 'failed' | 'missing' | 'all'
  status: 'running' | 'completed' | 'cancelled'
  position: number
  last_sequence: number
  total: number
  queued: Generated<number>
  created_at: Date
  completed_at: Date | null
}
