/** Who is calling, and what a caller may do. */
import type { Id } from './lib/ids.ts'

const resources = [
  'conversations',
  'contacts',
  'webhooks',
  'events',
  'knowledge',
  'agent',
  'api_keys',
  'usage',
] as const

type Resource = (typeof resources)[number]
export type Permission = `${Resource}:${'read' | 'write'}`

export const permissions: readonly Permission[] = resources.flatMap(
  (resource) => [`${resource}:read`, `${resource}:write`] as const,
)

/** What a key is given: permissions, or `*` for all there are and all there will be. */
export type Grant = Permission | '*'

export type EnvironmentName = 'test' | 'live'

/** An API key of one environment, as one of its secrets proved it. */
export interface ApiKeyPrincipal {
  readonly kind: 'api_key'
  readonly keyId: Id<'key'>
  readonly secretId: Id<'sec'>
  readonly name: string
  readonly lastFour: string
  readonly environmentId: Id<'env'>
  readonly environment: EnvironmentName
  readonly workspaceId: Id<'ws'>
  readonly workspaceName: string
  readonly rateLimitPerMinute: number
  readonly grants: readonly Grant[]
  readonly expiresAt: Date | null
}

export type Principal = ApiKeyPrincipal

/** Write implies read; `*` implies everything. */
export function allows(grants: readonly Grant[], required: Permission): boolean {
  if (grants.includes('*') || grants.includes(required)) return true
  if (!required.endsWith(':read')) return false
  return grants.some((grant) => grant === `${required.slice(0, -':read'.length)}:write`)
}

/** True when everything in `wanted` is allowed by `held`; what is missing otherwise comes from `missingGrants`. */
export function missingGrants(held: readonly Grant[], wanted: readonly Grant[]): Grant[] {
  return wanted.filter((grant) => (grant === '*' ? !held.includes('*') : !allows(held, grant)))
}
