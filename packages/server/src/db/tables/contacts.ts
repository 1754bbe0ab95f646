/** Rows of contacts and of the addresses that belong to them. */
import type { ColumnType, GeneratedAlways } from 'kysely'
import type { Id } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'

export interface ContactsTable {
  id: Id<'cust'>
  environment_id: Id<'env'>
  name: string
  /** The name in lower case and NFC: what names are sorted and searched by. */
  name_key: GeneratedAlways<string>
  tags: string[]
  /** Written as JSON text, read as a value. */
  custom_fields: ColumnType<JsonObject, string, string>
  created_at: Date
  updated_at: Date
}

export interface ContactAddressesTable {
  environment_id: Id<'env'>
  kind: 'email' | 'phone'
  value: string
  contact_id: Id<'cust'>
  position: number
}
