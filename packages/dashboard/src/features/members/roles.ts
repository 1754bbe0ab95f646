/** Roles in words, for people who never read a table of permissions. */
import type { Role } from '../../lib/session.ts'

interface RoleInWords {
  readonly title: string
  /** A sentence that goes on after "as admin, who". */
  readonly does: string
}

const ROLES: Record<Role, RoleInWords> = {
  owner: { title: 'Owner', does: 'may do everything, also make owners and delete the workspace.' },
  admin: { title: 'Admin', does: 'may do everything except change owners and delete the workspace.' },
  agent: {
    title: 'Agent',
    does: 'works with conversations, contacts and knowledge; reads webhooks, events and usage; sees no keys.',
  },
  viewer: { title: 'Viewer', does: 'reads everything, changes nothing.' },
}

/** Strongest first. */
export const roles: readonly Role[] = ['owner', 'admin', 'agent', 'viewer']

export function roleInWords(role: Role): RoleInWords {
  return ROLES[role]
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
