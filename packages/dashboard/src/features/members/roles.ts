/** Who may give which role, as far as it decides what is shown; the server decides what holds, and says what roles may do. */
import type { Role } from '../../lib/session.ts'

/** Strongest first. */
const roles: readonly Role[] = ['owner', 'admin', 'agent', 'viewer']

/** As it is called where it stands alone; in a sentence it is written as it is. */
export function titleOfRole(role: Role): string {
  return `${role.charAt(0).toUpperCase()}${role.slice(1)}`
}

/** The roles that somebody with `mine` may give: owners give all, admins all but owner, others none. */
export function rolesToGive(mine: Role | null): readonly Role[] {
  if (mine === 'owner') return roles
  return mine === 'admin' ? ['admin', 'agent', 'viewer'] : []
}

/** Whether somebody with `mine` may change or remove a member who has `theirs`. */
export function mayManage(mine: Role | null, theirs: Role): boolean {
  return mine === 'owner' || (mine === 'admin' && theirs !== 'owner')
}
