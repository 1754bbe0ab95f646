/** Rows of workspaces, their environments, and the people who left. */
import type { ColumnType, Generated } from 'kysely'
import type { Id } from '../../lib/ids.ts'

export interface WorkspacesTable {
  id: Id<'ws'>
  name: string
  plan: 'standard' | 'enterprise'
  created_at: Date
  /** Gone for everybody; its rows are being taken away. */
  deleted_at: ColumnType<Date | null, never, Date>
}

export interface EnvironmentsTable {
  id: Id<'env'>
  workspace_id: Id<'ws'>
  name: 'test' | 'live'
  /** What becomes of a key whose secret somebody found. */
  leak_response: Generated<'quarantine' | 'revoke'>
}

export interface FormerMembersTable {
  workspace_id: Id<'ws'>
  /** In lower case. */
  email: string
  left_at: Date
}
