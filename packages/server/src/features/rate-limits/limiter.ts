/** What counts requests: in this process, in Redis, or in Redis while it answers. */
import type { Check, Policy } from '../../http/rate-limit.ts'

/** What a request came to. */
export type Verdict = Check

export type Policies = readonly Policy[]

/**
 * `memory`: this server counts alone. `redis`: all count together. `redis_lost`: each counts its share.
 * `redis_returning`: Redis answers again, and for one window the share holds beside what Redis says.
 */
export type LimiterState = 'memory' | 'redis' | 'redis_lost' | 'redis_returning'

/** Counts by name: all requests of a name share its log, whatever policies they are judged by. */
export interface Limiter {
  /** Connects to what it counts in, and waits for nothing. Once, before the first request. */
  start(): void
  /** Counts the request when every policy allows it. At least one policy. */
  take(name: string, policies: Policies): Verdict | Promise<Verdict>
  /** What `take` would say, without counting; `remaining` is what could still be taken. */
  peek(name: string, policies: Policies): Verdict | Promise<Verdict>
  /** Undoes a `take` of this name that allowed; nothing when it is forgotten already. Doesn't wait. */
  giveBack(name: string, verdict: Verdict): void
  state(): LimiterState
  close(): Promise<void>
}
