/**
 * The exact sliding window: when the requests of one name were accepted. One log serves every policy of the name, and a
 * policy of N requests in W refuses exactly while the N-th newest of them is younger than W.
 *
 * Those who are refused are told when to come back, and told apart: the first gets the time at which the first slot is
 * free, the next the second slot's, or all of them would come for the same one. Whether a request is allowed never
 * depends on that: who may come is decided by what was accepted alone.
 */
import type { Check, Policy, Quota } from '../../http/rate-limit.ts'
import { Instants } from './instants.ts'

/**
 * For how long accepted requests are kept: the longest window there may be. They are dropped by age alone, so that limits
 * and windows up to this may change from one call to the next.
 */
export const HORIZON_MS = 60_000

/**
 * Instants are milliseconds of a clock of the caller's, fractions allowed; one that goes back is held. Windows are at
 * most `HORIZON_MS`.
 */
export class SlidingLog {
  readonly #accepted = new Instants()
  /** Until when those who were refused were told to wait. */
  #promised: Instants | undefined
  #lastMs = Number.NEGATIVE_INFINITY

  /** Counts a request if every policy allows it. */
  take(policies: readonly Policy[], givenMs: number): Check {
    const nowMs = this.#advance(givenMs)
    if (!this.#allows(policies, nowMs)) return this.#refuse(policies, nowMs, true)
    this.#accepted.push(nowMs)
    return this.#allow(policies, nowMs)
  }

  /** What `take` would decide, without counting; the quotas are those before it. */
  peek(policies: readonly Policy[], givenMs: number): Check {
    const nowMs = this.#advance(givenMs)
    return this.#allows(policies, nowMs) ? this.#allow(policies, nowMs) : this.#refuse(policies, nowMs, false)
  }

  /** Counts a request that something else accepted. Returns when it counts. */
  record(givenMs: number): number {
    const nowMs = this.#advance(givenMs)
    this.#accepted.push(nowMs)
    return nowMs
  }

  /** Takes back one request that was counted at this instant; nothing when none was. */
  giveBack(atMs: number): void {
    this.#accepted.remove(atMs)
  }

  /** True when it knows nothing that a new log wouldn't know. */
  isIdle(nowMs: number): boolean {
    this.#accepted.dropOld(nowMs, HORIZON_MS)
    this.#promised?.dropOld(nowMs, 0)
    return this.#accepted.size === 0 && (this.#promised === undefined || this.#promised.size === 0)
  }

  #advance(givenMs: number): number {
    if (givenMs > this.#lastMs) this.#lastMs = givenMs
    this.#accepted.dropOld(this.#lastMs, HORIZON_MS)
    return this.#lastMs
  }

  #allows(policies: readonly Policy[], nowMs: number): boolean {
    for (const policy of policies) {
      if (this.#refuses(policy, nowMs)) return false
    }
    return true
  }

  #refuses({ limit, windowMs }: Policy, nowMs: number): boolean {
    return this.#accepted.size >= limit && nowMs - this.#accepted.newest(limit) < windowMs
  }

  #allow(policies: readonly Policy[], nowMs: number): Check {
    const quotas: Quota[] = []
    for (const policy of policies) quotas.push(this.#quota(policy, nowMs))
    return { isAllowed: true, countedAt: nowMs, quotas, waitMs: 0, refusedBy: undefined }
  }

  #refuse(policies: readonly Policy[], nowMs: number, isPromised: boolean): Check {
    this.#promised ??= new Instants()
    this.#promised.dropOld(nowMs, 0)
    const before = this.#promised.size
    const quotas: Quota[] = []
    let refusedBy: Policy | undefined
    let waitMs = 0
    for (const policy of policies) {
      if (!this.#refuses(policy, nowMs)) {
        quotas.push(this.#quota(policy, nowMs))
        continue
      }
      const { limit, windowMs } = policy
      const resetMs = this.#accepted.newest(Math.max(1, limit - before)) + windowMs - nowMs
      quotas.push({ policy, remaining: 0, resetMs })
      if (resetMs <= waitMs) continue
      waitMs = resetMs
      refusedBy = policy
    }
    // On the wire, the wait is rounded up to whole seconds.
    if (isPromised && refusedBy !== undefined && before < refusedBy.limit)
      this.#promised.insert(nowMs + Math.ceil(waitMs / 1000) * 1000)
    return { isAllowed: false, countedAt: nowMs, quotas, waitMs, refusedBy }
  }

  #quota(policy: Policy, nowMs: number): Quota {
    const { limit, windowMs } = policy
    const accepted = this.#accepted
    const count = windowMs === HORIZON_MS ? accepted.size : accepted.countYoung(nowMs, windowMs)
    const resetMs = count === 0 ? windowMs : accepted.newest(count) + windowMs - nowMs
    return { policy, remaining: count < limit ? limit - count : 0, resetMs }
  }
}
