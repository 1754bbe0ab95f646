/** Roles of a workspace: what each may do, in the permissions that keys have, too, and in words. Pure. */
import { type Grant, type Role, resourceNames } from './principal.ts'

interface RoleRow {
  /** How it is called in a sentence. */
  readonly title: string
  readonly description: string
  readonly grants: readonly Grant[]
}

/**
 * Those who may do the most first. An owner and an admin may do everything here; that an admin can't make or change
 * owners, nor delete the workspace, is a rule about people, which members and workspaces keep.
 */
export const roles: Readonly<Record<Role, RoleRow>> = {
  owner: {
    title: 'Owner',
    description: 'May do everything, also make owners and delete the workspace.',
    grants: ['*'],
  },
  admin: {
    title: 'Admin',
    description: 'May do everything except change owners and delete the workspace.',
    grants: ['*'],
  },
  agent: {
    title: 'Agent',
    description:
      'Works with conversations, contacts and knowledge; sees members, webhooks, events and usage, but no keys.',
    grants: [
      'conversations:write',
      'contacts:write',
      'knowledge:write',
      'agent:read',
      'webhooks:read',
      'events:read',
      'usage:read',
      'members:read',
    ],
  },
  viewer: {
    title: 'Viewer',
    description: 'Reads everything, changes nothing.',
    grants: resourceNames.map((resource) => `${resource}:read` as const),
  },
}

// The table's own keys: Object.keys() types them as plain strings.
export const roleNames = Object.keys(roles) as Role[]
