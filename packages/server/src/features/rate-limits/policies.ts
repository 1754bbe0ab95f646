/** Which limits hold for a caller, and under which name its requests are counted. Computed once for each principal. */
import type { Policy } from '../../http/rate-limit.ts'
import { callerIdOf, type Person, type Principal } from '../../principal.ts'

export interface Burst {
  readonly limit: number
  readonly windowMs: number
}

const MINUTE_MS = 60_000

/** Of a browser that holds a client token. It is counted apart: a customer never uses up the quota of the key. */
const CLIENT_TOKEN: Policy = { name: 'client_token', limit: 120, windowMs: MINUTE_MS }
/** Of who is signed in: a page that is open asks often. */
const MEMBER: Policy = { name: 'member', limit: 3_000, windowMs: MINUTE_MS }

/** The policies of principals. Those with the same limits share them, so that there are few and they live long. */
export class PolicyTable {
  readonly #burst: Policy | undefined
  readonly #byPrincipal = new WeakMap<Principal | Person, readonly Policy[]>()
  readonly #shared = new Map<string, readonly Policy[]>()

  /** `burst` is a second limit for every key. */
  constructor(burst: Burst | undefined) {
    this.#burst = burst === undefined ? undefined : { name: 'burst', ...burst }
  }

  /** At least one. */
  policiesOf(principal: Principal | Person): readonly Policy[] {
    const known = this.#byPrincipal.get(principal)
    if (known !== undefined) return known
    const policies = this.#find(principal)
    this.#byPrincipal.set(principal, policies)
    return policies
  }

  #find(principal: Principal | Person): readonly Policy[] {
    if (principal.kind === 'client_token') return this.#share(CLIENT_TOKEN)
    if (principal.kind === 'member' || principal.kind === 'person') return this.#share(MEMBER)
    const { plan, rateLimitPerMinute: limit, ownRateLimitPerMinute: own } = principal
    return this.#share({ name: own === limit ? 'key' : plan, limit, windowMs: MINUTE_MS }, this.#burst)
  }

  #share(policy: Policy, burst?: Policy): readonly Policy[] {
    const name = `${policy.name} ${policy.limit}`
    const known = this.#shared.get(name)
    if (known !== undefined) return known
    const made = burst === undefined ? [policy] : [policy, burst]
    this.#shared.set(name, made)
    return made
  }
}

const names = new WeakMap<Principal, string>()

/** What is counted together: all secrets of a key; all sessions of a member; of a key's client tokens, those of one contact or conversation. */
export function nameOf(principal: Principal | Person): string {
  if (principal.kind === 'person') return principal.userId
  if (principal.kind !== 'client_token') return callerIdOf(principal)
  const known = names.get(principal)
  if (known !== undefined) return known
  const { keyId, subject } = principal
  const name = `${keyId}/${subject.kind === 'contact' ? subject.contactId : subject.conversationId}`
  names.set(principal, name)
  return name
}
