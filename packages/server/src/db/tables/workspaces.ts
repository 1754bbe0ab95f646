/** Rows of workspaces and their environments. */
import type { Id } from '../../lib/ids.ts'

export interface WorkspacesTable {
  id: Id<'ws'>
  name: string
  plan: 'standard' | 'enterprise'
  created_at: Date
}

export interface EnvironmentsTable {
  id: Id<'env'>
  workspace_id: Id<'ws'>
  name: 'test' | 'live'
}
