/** What people, workspaces and the overview look like on the wire, where openapi.json doesn't say it. */

export type Role = 'owner' | 'admin' | 'agent' | 'viewer'

export interface Proof {
  proved_at: string
  /** Until then nothing asks for another one. */
  valid_until: string
}

/** A signed-in person, in one of their workspaces or in none yet. */
export interface MemberMe {
  type: 'member'
  user: { id: string; name: string; email: string; email_verified: boolean; two_factor_enabled: boolean }
  workspace: { id: string; name: string; plan: string } | null
  environment: 'test' | 'live'
  role: Role | null
  permissions: string[]
  proof: Proof | null
}

export interface ApiKeyMe {
  type: 'api_key'
  id: string
  name: string
  environment: 'test' | 'live'
  workspace: { id: string; name: string }
  permissions: string[]
  rate_limit_per_minute: number
  expires_at: string | null
  secret_last_four: string
}

/** The password, or the answer of a passkey to the options of `provePasskeyOptions`. */
export type Prove = { password: string } | { passkey: Record<string, unknown> }

export interface Session {
  id: string
  created_at: string
  last_active_at: string
  ip: string | null
  user_agent: string | null
  is_current: boolean
}

export interface Workspace {
  id: string
  name: string
  plan: string
  /** Of who asks. */
  role: Role
  created_at: string
}

export interface Member {
  id: string
  user_id: string
  name: string
  email: string
  role: Role
  joined_at: string
  last_active_at: string | null
  two_factor_enabled: boolean
  is_me: boolean
}

export interface Invitation {
  id: string
  email: string
  role: Role
  expires_at: string
  invited_by: { type: string; id: string | null; name: string | null } | null
}

export interface CreatedInvitation extends Invitation {
  /** Leads to where it is accepted; in this answer and the mail only. */
  url: string
}

export interface InvitationPreview {
  workspace_name: string
  role: Role
  email: string
  invited_by: string | null
  has_account: boolean
}

export interface Deleted {
  id: string
  deleted: true
}

/** What a page of a list may be asked for. */
export interface PageQuery {
  limit?: number
  offset?: number
  cursor?: string
}
