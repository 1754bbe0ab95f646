/**
 * Rate limits on the wire: the headers that say what is left, and the 429. Counting is the app's: it hands over a gate.
 * `RateLimit-Policy` and `RateLimit` follow draft-ietf-httpapi-ratelimit-headers-10, `Retry-After` RFC 9110, section
 * 10.2.3; the `X-RateLimit-` headers are what clients read before there was a draft.
 */
import type { FastifyReply } from 'fastify'
import { type ApiError, rateLimited } from '../errors.ts'

/** So many requests in any stretch of time of this length. */
export interface Policy {
  /** Letters, digits, `_`, `-`. */
  readonly name: string
  /** A whole number, 1 or more. */
  readonly limit: number
  /** Whole seconds in milliseconds. */
  readonly windowMs: number
}

/** Of one policy, after the request was judged. */
export interface Quota {
  readonly policy: Policy
  /** Requests that would be allowed now, 0 or more. */
  readonly remaining: number
  /** Until the next of those that count stops counting, so that one more is allowed; the window when none counts. */
  readonly resetMs: number
}

export interface Check {
  readonly isAllowed: boolean
  /** When the request was counted, on the limiter's own clock: by it the request is given back. */
  readonly countedAt: number
  /** In the order of the policies; at least one. */
  readonly quotas: readonly Quota[]
  /** 0 when it is allowed. Otherwise after so long a request is, also when those come back who were refused before. */
  readonly waitMs: number
  /** Of a refusal: the policy that is to be waited for longest. */
  readonly refusedBy: Policy | undefined
}

/** Writes what is left. `X-RateLimit-` tells of the policy that has the least. */
export function writeQuota(reply: FastifyReply, { quotas }: Check, nowMs: number): void {
  const [first] = quotas
  if (first === undefined) return
  let least = first
  let policies = policyText(first.policy)
  let left = quotaText(first)
  for (let index = 1; index < quotas.length; index++) {
    const quota = quotas[index]
    if (quota === undefined) break
    if (quota.remaining < least.remaining) least = quota
    policies += `, ${policyText(quota.policy)}`
    left += `, ${quotaText(quota)}`
  }
  reply
    .header('ratelimit-policy', policies)
    .header('ratelimit', left)
    .header('x-ratelimit-limit', least.policy.limit)
    .header('x-ratelimit-remaining', least.remaining)
    .header('x-ratelimit-reset', Math.ceil((nowMs + least.resetMs) / 1000))
}

/** The 429 of a check that refused. */
export function tooMany({ refusedBy, waitMs }: Check, owner: string): ApiError {
  const { name, limit, windowMs } = refusedBy ?? { name: 'unknown', limit: 0, windowMs: 0 }
  return rateLimited(name, waitMs, {
    hint: `${owner} may make ${limit.toLocaleString('en-US')} requests in any ${windowMs / 1000} seconds. Try again after the time in Retry-After; requests that are refused don’t count.`,
  })
}

const texts = new WeakMap<Policy, string>()

/** Policies are few and live long. */
function policyText(policy: Policy): string {
  const known = texts.get(policy)
  if (known !== undefined) return known
  const text = `"${policy.name}";q=${policy.limit};w=${policy.windowMs / 1000}`
  texts.set(policy, text)
  return text
}

function quotaText({ policy, remaining, resetMs }: Quota): string {
  return `"${policy.name}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`
}
