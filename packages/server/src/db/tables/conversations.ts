/** Rows of conversations, their messages and Clara's turns. */
import type { ColumnType } from 'kysely'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'

export type Channel = 'sms' | 'email' | 'instagram' | 'facebook' | 'whatsapp' | 'voice' | 'web'
export type ConversationStatus = 'open' | 'pending' | 'snoozed' | 'resolved' | 'closed'
export type HandledBy = 'clara' | 'human' | 'none'
export type Sender = 'customer' | 'assistant' | 'human'
export type Visibility = 'public' | 'internal'
export type TurnStatus = 'running' | 'succeeded' | 'handed_off' | 'superseded' | 'failed'

export interface ConversationsTable {
  id: Id<'conv'>
  environment_id: Id<'env'>
  contact_id: Id<'cust'> | null
  channel: Channel
  subject: string | null
  status: ConversationStatus
  handled_by: HandledBy
  control_version: number
  handoff_reason: string | null
  handoff_requested_at: Date | null
  tags: string[]
  /** Written as JSON text, read as a value. */
  metadata: ColumnType<JsonObject, string, string>
  unread: boolean
  last_message: string | null
  last_activity_at: Date
  created_at: Date
  updated_at: Date
}

/** A quote as it is stored with a message and sent on the wire. */
export interface StoredCitation {
  source_id: string
  title: string
  url: string | null
  quote: string
  start: number
  end: number
}

export interface MessagesTable {
  id: Id<'msg'>
  environment_id: Id<'env'>
  conversation_id: Id<'conv'>
  sender: Sender
  visibility: Visibility
  content: string
  metadata: ColumnType<JsonObject, string, string>
  citations: ColumnType<StoredCitation[], string, never>
  turn_id: Id<'turn'> | null
  created_at: Date
}

export interface TurnsTable {
  id: Id<'turn'>
  environment_id: Id<'env'>
  conversation_id: Id<'conv'>
  message_id: Id<'msg'>
  status: TurnStatus
  control_version: number
  attempts: number
  lease_expires_at: Date
  created_at: Date
  finished_at: Date | null
}
