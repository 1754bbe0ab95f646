/** What a caller may make of keys: never more than it has itself, in any respect. Pure. */
import { ApiError, invalidField } from '../../errors.ts'
import { type Cidr, covers, parseCidr } from '../../lib/cidr.ts'
import { type Grant, missingGrants } from '../../principal.ts'
import type { ApiKeyRow } from './store.ts'

/** What confines a key, or whoever makes one. */
export interface Limits {
  readonly grants: readonly Grant[]
  /** Null: it doesn't end. */
  readonly expiresAt: Date | null
  /** Canonical CIDRs; empty: from anywhere. */
  readonly ipAllowlist: readonly string[]
  /** Null: as the workspace's plan. */
  readonly rateLimitPerMinute: number | null
}

/** Of who runs the installation. */
export const noLimits: Limits = { grants: ['*'], expiresAt: null, ipAllowlist: [], rateLimitPerMinute: null }

export const MAX_CIDRS = 50

/** Throws insufficient_permissions naming the first permission that the holder lacks. What isn't about a field says its own sentence. */
export function assertMayGrant(
  held: readonly Grant[],
  wanted: readonly Grant[],
  sentence: { error: string; param?: string } = {
    error: 'A key can’t give more than it has',
    param: 'permissions',
  },
): void {
  const [missing] = missingGrants(held, wanted)
  if (missing === undefined) return
  throw new ApiError('insufficient_permissions', {
    ...sentence,
    hint: `The calling key lacks ${missing === '*' ? '* (all permissions)' : missing}: use one that has it.`,
    details: { required: missing, granted: held },
  })
}

/** Throws insufficient_permissions naming the field in which `wanted` goes beyond `held`. */
export function assertWithin(held: Limits, wanted: Limits): void {
  assertMayGrant(held.grants, wanted.grants)
  if (held.expiresAt !== null && (wanted.expiresAt === null || wanted.expiresAt > held.expiresAt)) {
    const latest = held.expiresAt.toISOString()
    throw beyond('expires_at', 'A key can’t make a key that outlives it', {
      hint: `The calling key ends at ${latest}: choose an earlier \`expires_at\`, or use a key that lives longer.`,
      details: { latest },
    })
  }
  if (held.ipAllowlist.length > 0) {
    const allowed = held.ipAllowlist.map(readCidr)
    const outside = wanted.ipAllowlist.find((text) => !covers(allowed, readCidr(text)))
    if (wanted.ipAllowlist.length === 0 || outside !== undefined) {
      throw beyond('ip_allowlist', 'A key can’t make a key that works from more addresses than it does', {
        hint: `The calling key works from ${held.ipAllowlist.join(', ')} only${outside === undefined ? '' : `; ${outside} is not within`}.`,
        details: { allowed: held.ipAllowlist },
      })
    }
  }
  const { rateLimitPerMinute: most } = held
  if (most !== null && (wanted.rateLimitPerMinute === null || wanted.rateLimitPerMinute > most)) {
    throw beyond('rate_limit_per_minute', 'A key can’t make a key that may call more often than it may', {
      hint: `The calling key may make ${most} requests a minute.`,
      details: { most },
    })
  }
}

function beyond(param: string, error: string, options: { hint: string; details: Record<string, unknown> }) {
  return new ApiError('insufficient_permissions', { error, param, ...options })
}

/** Takes what is stored, which was parsed before. */
function readCidr(text: string): Cidr {
  const cidr = parseCidr(text)
  if (typeof cidr === 'string') throw new TypeError(`${text} ${cidr}`)
  return cidr
}

/** Canonical, each once. Throws validation_failed naming the entry. */
export function parseAllowlist(texts: readonly string[]): string[] {
  const canonical = texts.map((text, index) => {
    const cidr = parseCidr(text)
    if (typeof cidr === 'string') throw invalidField(`ip_allowlist[${index}]`, cidr)
    return cidr.text
  })
  return [...new Set(canonical)]
}

/** The last instant that is written with a year of four digits (RFC 3339, section 5.6), whatever zone it was given in. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Throws validation_failed for a time that isn't in the future. */
export function parseExpiry(text: string | null, nowMs: number): Date | null {
  if (text === null) return null
  const date = new Date(text)
  if (date.getTime() > LATEST_MS) throw invalidField('expires_at', 'must be before the year 10000 (UTC)')
  if (date.getTime() > nowMs) return date
  throw invalidField('expires_at', 'must be in the future', 'To end a key now, revoke it.')
}

export interface OwnerInput {
  type: 'app' | 'person'
  name?: string | null | undefined
  email?: string | null | undefined
}

/** Throws validation_failed: a person is known by an e-mail address, an app has none. */
export function parseOwner({ type, name, email }: OwnerInput) {
  if (type === 'person' && (email ?? null) === null) {
    throw invalidField('owner.email', 'is required for a person')
  }
  if (type === 'app' && (email ?? null) !== null) {
    throw invalidField('owner.email', 'is for persons only', 'Name the app in `owner.name`.')
  }
  const trimmed = name?.trim() ?? null
  return { owner_type: type, owner_name: trimmed, owner_email: email?.toLowerCase() ?? null }
}

/** Whoever may not hand out what the key has may not take it over by changing it either. */
export function assertMayChange(by: { readonly limits: Limits }, key: ApiKeyRow): void {
  assertMayGrant(by.limits.grants, key.permissions as Grant[], {
    error: 'A key can’t change a key that may do more than it',
  })
}

/** What confines a key that is stored. */
export function limitsOf(key: ApiKeyRow): Limits {
  return {
    grants: key.permissions as Grant[], // written after validation against the list of permissions
    expiresAt: key.expires_at,
    ipAllowlist: key.ip_allowlist,
    rateLimitPerMinute: key.rate_limit_per_minute,
  }
}
