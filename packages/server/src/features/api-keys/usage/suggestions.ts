/** Least privilege by evidence: the fewest permissions that cover what a key called, and what each is needed for. Pure. */
import { allows, type Grant, type Permission, permissions } from '../../../principal.ts'

/** Calls of one endpoint, all callers together. */
export interface Call {
  endpoint: string
  requests: number
  lastUsedAt: Date
}

export interface SuggestedPermissions {
  suggested: Permission[]
  /** Of what the key has now: without this permission, and those to be removed, these calls would have been refused. */
  held: { permission: Permission; verdict: 'keep' | 'narrow_to_read' | 'remove'; calls: Call[] }[]
}

/** `permissionOf` says what an endpoint asks for; undefined when any key may call it, or it is gone. */
export function suggestPermissions(
  grants: readonly Grant[],
  calls: readonly Call[],
  permissionOf: (endpoint: string) => Permission | undefined,
): SuggestedPermissions {
  const needed = new Set(calls.flatMap(({ endpoint }) => permissionOf(endpoint) ?? []))
  const held = permissions.filter((permission) => holds(grants, permission))
  // Of a read and a write that both cover what was only read, the write goes first.
  const rest = held.filter(
    (permission) => isRead(permission) || needed.has(permission) || !held.includes(readOf(permission)),
  )
  return {
    // A write that is needed covers the read.
    suggested: permissions.filter(
      (permission) => needed.has(permission) && !(isRead(permission) && needed.has(writeOf(permission))),
    ),
    held: held.map((permission) => {
      const refused = calls.filter(({ endpoint }) => {
        const asked = permissionOf(endpoint)
        return asked !== undefined && !allows(without(rest, permission), asked) && allows([permission], asked)
      })
      const writes = refused.some(({ endpoint }) => permissionOf(endpoint) === permission)
      const verdict = refused.length === 0 ? 'remove' : writes ? 'keep' : 'narrow_to_read'
      return { permission, verdict, calls: refused }
    }),
  }
}

/** What a key holds by name: of `*` every permission there is, of a write without a read only the write. */
function holds(grants: readonly Grant[], permission: Permission): boolean {
  if (grants.includes('*')) return !isRead(permission)
  return grants.includes(permission)
}

function without(held: readonly Permission[], permission: Permission): Permission[] {
  return held.filter((other) => other !== permission)
}

function isRead(permission: Permission): boolean {
  return permission.endsWith(':read')
}

function readOf(permission: Permission): Permission {
  return permission.replace(/:write$/, ':read') as Permission // each resource has both
}

function writeOf(permission: Permission): Permission {
  return permission.replace(/:read$/, ':write') as Permission // each resource has both
}
