/** What each role of a workspace may do, in the permissions that keys have, too. Pure. */
import { type Grant, type Role, resourceNames } from './principal.ts'

/** Those who may do the most first. */
export const roleNames = ['owner', 'admin', 'agent', 'viewer'] as const satisfies readonly Role[]

/**
 * An owner and an admin may do everything here; that an admin can't make or change owners, nor delete the workspace, is
 * a rule about people, which members and workspaces keep.
 */
export const roleGrants: Readonly<Record<Role, readonly Grant[]>> = {
  owner: ['*'],
  admin: ['*'],
  agent: [
    'conversations:write',
    'contacts:write',
    'knowledge:write',
    'agent:read',
    'webhooks:read',
    'events:read',
    'usage:read',
    'members:read',
  ],
  viewer: resourceNames.map((resource) => `${resource}:read` as const),
}

/** How a role is called in a sentence. */
export const roleTitles: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  agent: 'Agent',
  viewer: 'Viewer',
}
