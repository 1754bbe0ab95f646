/** Rows of events. */
import type { ColumnType, Generated } from 'kysely'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'

export interface EventsTable {
  sequence: Generated<number>
  id: Id<'evt'>
  environment_id: Id<'env'>
  type: string
  conversation_id: Id<'conv'> | null
  /** Written as JSON text, read as a value. */
  data: ColumnType<JsonObject, string, never>
  created_at: Date
}
