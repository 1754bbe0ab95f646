/** Rows of sign-in, in the schema `auth`, as far as our own queries read and write them; the rest is Better Auth's. */
import type { Generated } from 'kysely'
import type { Id } from '../../lib/ids.ts'

export interface UsersTable {
  id: Id<'user'>
  name: string
  /** In lower case. */
  email: string
  email_verified: boolean
  two_factor_enabled: boolean | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

export interface SessionsTable {
  id: Id<'ses'>
  user_id: Id<'user'>
  token: string
  expires_at: Date
  ip_address: string | null
  user_agent: string | null
  created_at: Generated<Date>
  /** When its cookie was set. */
  updated_at: Generated<Date>
  last_active_at: Generated<Date>
  proved_at: Generated<Date>
}

export interface AccountsTable {
  id: string
  user_id: Id<'user'>
  provider_id: string
  password: string | null
}

export interface VerificationsTable {
  id: string
  identifier: string
  value: string
  expires_at: Date
}

export interface TwoFactorsTable {
  id: string
  user_id: Id<'user'>
  failed_verification_count: number | null
  locked_until: Date | null
}

export interface UsedCodesTable {
  user_id: Id<'user'>
  code_hash: Buffer
  used_at: Date
}

export interface PasskeysTable {
  id: string
  user_id: Id<'user'>
  /** Base64. */
  public_key: string
  credential_id: string
  counter: number
  transports: string | null
}
