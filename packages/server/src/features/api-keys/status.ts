/** What state a key is in, and what about it deserves somebody's attention. Pure. */
import type { ApiKeyRow } from './store.ts'

export const statuses = ['active', 'rotating', 'expired', 'revoked', 'quarantined'] as const
export type ApiKeyStatus = (typeof statuses)[number]

/** As a filter of lists: every state but `expired` and `revoked`. */
export const NOT_ENDED = 'not_ended'

/** The strongest of the states that a key is in: a revoked key is nothing else any more. */
export function statusOf(key: ApiKeyRow, nowMs: number): ApiKeyStatus {
  if (key.revoked_at !== null) return 'revoked'
  if (key.expires_at !== null && key.expires_at.getTime() <= nowMs) return 'expired'
  if (key.quarantined_at !== null) return 'quarantined'
  return isRotating(key, nowMs) ? 'rotating' : 'active'
}

/** Two secrets work, or would if the key hadn't expired. Of a revoked key none will again. */
export function isRotating(key: ApiKeyRow, nowMs: number): boolean {
  return key.revoked_at === null && key.old_ends_at !== null && key.old_ends_at.getTime() > nowMs
}

export const attentions = ['unused', 'never_expires', 'owner_left', 'leaked', 'used_in_browser'] as const
export type Attention = (typeof attentions)[number]

export const UNUSED_MS = 90 * 86_400_000

/** Nothing of a key that is over. */
export function attentionOf(key: ApiKeyRow, nowMs: number): Attention[] {
  const status = statusOf(key, nowMs)
  if (status === 'revoked' || status === 'expired') return []
  const usedMs = (key.last_used_at ?? key.created_at).getTime()
  const facts: Record<Attention, boolean> = {
    unused: nowMs - usedMs >= UNUSED_MS,
    never_expires: key.expires_at === null,
    owner_left: key.owner_left_at !== null,
    leaked: key.leaked_at !== null,
    used_in_browser: key.browser_refused_at !== null,
  }
  return attentions.filter((attention) => facts[attention])
}
