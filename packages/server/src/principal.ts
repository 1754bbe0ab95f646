/** Who is calling, and what a caller may do. One table of resources drives the checks, the documentation and the dialog. */
import type { Once } from './db/transact.ts'
import type { AddressList } from './lib/cidr.ts'
import type { Id } from './lib/ids.ts'

/** Every resource, with what reading and writing it means. */
export const resources = {
  conversations: { read: 'Read conversations and messages', write: 'Write messages, change conversations' },
  contacts: { read: 'Read and search contacts', write: 'Create, change and delete contacts' },
  webhooks: {
    read: 'Read webhooks and deliveries',
    write: 'Create, change and delete webhooks, which are sent what happens: the texts of messages, too',
  },
  events: { read: 'Read events, and in them the texts of messages', write: 'Replay events' },
  knowledge: { read: 'Read and search knowledge', write: 'Create, change and delete sources' },
  agent: { read: 'Ask Clara, read her settings', write: 'Change Clara’s settings' },
  api_keys: { read: 'Read keys, their usage and history', write: 'Create, rotate, restrict and revoke keys' },
  usage: { read: 'Read usage and request logs', write: 'Change usage settings' },
  members: { read: 'See members and invitations', write: 'Invite people, change roles, remove members' },
} as const

export type Resource = keyof typeof resources
export type Permission = `${Resource}:${'read' | 'write'}`

// The table's own keys: Object.keys() types them as plain strings.
export const resourceNames = Object.keys(resources) as Resource[]

export const permissions: readonly Permission[] = resourceNames.flatMap(
  (resource) => [`${resource}:read`, `${resource}:write`] as const,
)

/** What a key is given: permissions, or `*` for all there are and all there will be. */
export type Grant = Permission | '*'

/** Sets of permissions by what a key is for. */
export const presets = {
  full: { title: 'Full', description: 'Everything there is and will be.', permissions: ['*'] },
  read_only: {
    title: 'Read-only',
    description: 'Reads everything, changes nothing.',
    permissions: resourceNames.map((resource) => `${resource}:read` as const),
  },
  support_bot: {
    title: 'Support bot',
    description: 'Talks with customers and looks answers up; no keys, no webhooks.',
    permissions: ['conversations:write', 'contacts:write', 'knowledge:read', 'agent:read'],
  },
  ci: {
    title: 'CI',
    description: 'Teaches Clara and sets webhooks up from a pipeline; reads no customer itself.',
    permissions: ['knowledge:write', 'agent:write', 'webhooks:write'],
  },
} as const satisfies Record<string, { title: string; description: string; permissions: readonly Grant[] }>

export type PresetName = keyof typeof presets
// The table's own keys, as above.
export const presetNames = Object.keys(presets) as PresetName[]

export type EnvironmentName = 'test' | 'live'

/** What a workspace has: by it, how many requests a minute each of its keys may make. */
export type Plan = 'standard' | 'enterprise'

/** The environment that a call is about: the whole of the tenancy rule. */
export interface Scope {
  readonly environmentId: Id<'env'>
  readonly environment: EnvironmentName
  readonly workspaceId: Id<'ws'>
  /** Of a request with an Idempotency-Key: see transactOnce. */
  readonly once?: Once | undefined
}

interface KeyBacked extends Scope {
  readonly keyId: Id<'key'>
  readonly secretId: Id<'sec'>
  /** The key's. */
  readonly name: string
  readonly workspaceName: string
  readonly plan: Plan
  /** What holds: the plan's, or the key's own where that is lower. */
  readonly rateLimitPerMinute: number
  readonly ownRateLimitPerMinute: number | null
  readonly grants: readonly Grant[]
  /** When the key ends. */
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  readonly quarantine: Quarantine | null
}

/** Between notifying and killing: a key that may only read, and only from where it was used before. */
export interface Quarantine {
  readonly since: Date
  readonly addresses: AddressList
}

/** An API key of one environment, as one of its secrets proved it. It may be over: see Gate.assertValid. */
export interface ApiKeyPrincipal extends KeyBacked {
  readonly kind: 'api_key'
  readonly lastFour: string
  /** Null: from anywhere. */
  readonly allowlist: AddressList | null
  /** Of a secret that another one replaced: since when, and how long it still works. */
  readonly superseded: { readonly since: Date; readonly endsAt: Date } | null
}

/** A browser that holds a short-lived token, made by a key, for one contact or one conversation. */
export interface ClientTokenPrincipal extends KeyBacked {
  readonly kind: 'client_token'
  readonly tokenId: Id<'ctok'>
  readonly subject:
    | { readonly kind: 'contact'; readonly contactId: Id<'cust'> }
    | { readonly kind: 'conversation'; readonly conversationId: Id<'conv'> }
  readonly tokenExpiresAt: Date
}

export type Role = 'owner' | 'admin' | 'agent' | 'viewer'

/** Somebody who is signed in, as one session says it; of no workspace yet. */
export interface Person {
  readonly kind: 'person'
  readonly userId: Id<'user'>
  readonly sessionId: Id<'ses'>
  readonly name: string
  /** In lower case. */
  readonly email: string
  readonly isEmailVerified: boolean
  readonly hasTwoFactor: boolean
  /** When the person last proved who they are, by a password or a passkey. */
  readonly provedAt: Date
  /** Of a request with an Idempotency-Key that is about the person alone: see transactOnce. */
  readonly once?: Once | undefined
}

/** A signed-in member of a workspace, by the environment that the request chose. */
export interface MemberPrincipal extends Scope, Omit<Person, 'kind'> {
  readonly kind: 'member'
  readonly memberId: Id<'mem'>
  readonly role: Role
  /** By the role. */
  readonly grants: readonly Grant[]
  readonly workspaceName: string
  readonly plan: Plan
}

/** Who calls with a key, or with what a key made. */
export type KeyHolder = ApiKeyPrincipal | ClientTokenPrincipal

export type Principal = KeyHolder | MemberPrincipal

/** Who calls for the business, and may see what customers may not. */
export type TeamPrincipal = ApiKeyPrincipal | MemberPrincipal

/** Of whom requests are counted together: the key, also for the tokens that it made, or the member. */
export function callerIdOf(principal: Principal): Id<'key'> | Id<'mem'> {
  return principal.kind === 'member' ? principal.memberId : principal.keyId
}

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
