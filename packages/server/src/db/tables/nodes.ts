/** Rows of the servers that share the database. */
import type { Id } from '../../lib/ids.ts'

export interface NodesTable {
  id: Id<'node'>
  started_at: Date
  heartbeat_at: Date
}
