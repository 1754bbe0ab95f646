/** Who may decide about which people. Pure. */
import { ApiError } from '../../errors.ts'
import { type Grant, missingGrants, type Role } from '../../principal.ts'
import { roles } from '../../roles.ts'

/** Who decides: a member by their role, a key by what it may do, or who runs the installation. */
export type Authority =
  | { readonly kind: 'member'; readonly role: Role }
  | { readonly kind: 'api_key'; readonly grants: readonly Grant[] }
  | { readonly kind: 'installation' }

/**
 * Whether they may make somebody one of this role, and change or remove somebody who is. Owners decide about everybody,
 * admins about everybody but owners; a key about whoever may do no more than it, and never about owners.
 */
export function mayManage(authority: Authority, role: Role): boolean {
  switch (authority.kind) {
    case 'installation':
      return true
    case 'member':
      return authority.role === 'owner' || (authority.role === 'admin' && role !== 'owner')
    case 'api_key':
      return (
        role !== 'owner' &&
        missingGrants(authority.grants, ['members:write', ...roles[role].grants]).length === 0
      )
  }
}

/** Throws insufficient_permissions when the authority may not make anybody one of this role. */
export function assertMayGive(authority: Authority, role: Role): void {
  if (mayManage(authority, role)) return
  throw refused(authority, role, 'give the role')
}

/** Throws insufficient_permissions when the authority may not change or remove somebody who has this role. */
export function assertMayTouch(authority: Authority, role: Role): void {
  if (mayManage(authority, role)) return
  throw refused(authority, role, 'change or remove somebody with the role')
}

function refused(authority: Authority, role: Role, what: string): ApiError {
  const title = roles[role].title
  const details = { role, ...(authority.kind === 'api_key' ? { granted: authority.grants } : {}) }
  if (role === 'owner') {
    return new ApiError('insufficient_permissions', {
      error: `Only an owner can ${what} ${title}`,
      hint: 'Ask an owner of this workspace to do it in the dashboard: no API key can.',
      details,
    })
  }
  const who = authority.kind === 'api_key' ? 'A key that may do less can’t' : 'Your role can’t'
  return new ApiError('insufficient_permissions', {
    error: `${who} ${what} ${title}`,
    hint: 'Ask an owner or an admin of this workspace.',
    details,
  })
}

/** Throws `conflict` when nobody would be left who may decide about everything. */
export function assertOwnerStays(before: Role, after: Role | 'none', otherOwners: number): void {
  if (before !== 'owner' || after === 'owner' || otherOwners > 0) return
  throw new ApiError('conflict', {
    error: 'The last owner of a workspace stays its owner',
    hint: 'Make somebody else an owner first, or delete the workspace.',
    details: { reason: 'last_owner' },
  })
}
