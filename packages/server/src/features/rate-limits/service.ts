/** Rate limits of callers: which hold for whom, and whether they allow one request more. */
import type { Logger } from 'pino'
import type { Person, Principal } from '../../principal.ts'
import type { Limiter, Verdict } from './limiter.ts'
import { MemoryLimiter } from './memory-limiter.ts'
import { type Burst, nameOf, PolicyTable } from './policies.ts'
import { SharedLimiter } from './shared-limiter.ts'

export interface RateLimitsOptions {
  limiter: Limiter
  /** A second limit for every key, over a shorter time. */
  burst: Burst | undefined
}

export class RateLimits {
  readonly #limiter: Limiter
  readonly #policies: PolicyTable

  constructor({ limiter, burst }: RateLimitsOptions) {
    this.#limiter = limiter
    this.#policies = new PolicyTable(burst)
  }

  /** Counts a request, or says that the limits allow no more now. */
  limit(caller: Principal | Person): Verdict | Promise<Verdict> {
    return this.#limiter.take(nameOf(caller), this.#policies.policiesOf(caller))
  }

  /** What is left, without counting. */
  quotaOf(caller: Principal | Person): Verdict | Promise<Verdict> {
    return this.#limiter.peek(nameOf(caller), this.#policies.policiesOf(caller))
  }

  /** A request that `limit` counted costs nothing after all. */
  giveBack(caller: Principal | Person, verdict: Verdict): void {
    this.#limiter.giveBack(nameOf(caller), verdict)
  }
}

export interface LimiterOptions {
  /** Undefined: this server counts alone. */
  redisUrl: string | undefined
  log: Logger
  /** How many servers share the limits right now, this one included. Asked at each request while Redis is away. */
  liveNodes: () => number
}

/** Start it before the first request and close it at the end. Nothing waits for Redis: until it answers, it counts as lost. */
export function createLimiter({ redisUrl, log, liveNodes }: LimiterOptions): Limiter {
  return redisUrl === undefined ? new MemoryLimiter() : new SharedLimiter({ redisUrl, log, liveNodes })
}
