/** Rows of members and of those who were asked to become one. */
import type { Generated } from 'kysely'
import type { Id } from '../../lib/ids.ts'

type RoleColumn = 'owner' | 'admin' | 'agent' | 'viewer'

export interface MembersTable {
  id: Id<'mem'>
  workspace_id: Id<'ws'>
  user_id: Id<'user'>
  role: RoleColumn
  joined_at: Date
}

export interface InvitationsTable {
  id: Id<'inv'>
  workspace_id: Id<'ws'>
  /** In lower case. */
  email: string
  role: RoleColumn
  /** SHA-256 of the token in the link. */
  token_hash: Buffer
  inviter_type: 'member' | 'api_key'
  /** The member's id, or the key's. */
  inviter_id: Id<'mem'> | Id<'key'>
  inviter_name: string
  created_at: Date
  expires_at: Date
  accepted_at: Generated<Date | null>
  accepted_by: Generated<Id<'user'> | null>
}
