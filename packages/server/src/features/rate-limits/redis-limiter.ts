/** Counts requests in a Redis, for all servers that use it. Errors of Redis are the caller's to deal with. */
import { Redis, type RedisOptions } from 'ioredis'
import type { Policy, Quota } from '../../http/rate-limit.ts'
import type { Policies, Verdict } from './limiter.ts'
import { script } from './redis-script.ts'

/**
 * Commands of one turn of the event loop are sent together. One that can't be sent now fails now, and none is sent again:
 * a check that was counted twice would be a false refusal.
 */
const options = {
  lazyConnect: true,
  enableAutoPipelining: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  socketTimeout: 5_000,
  retryStrategy: () => 500,
} as const satisfies RedisOptions

/** Connects when it is told to, and again whenever it must; while there is no connection, commands fail. */
export function createRedis(redisUrl: string): Redis {
  return new Redis(redisUrl, options)
}

type Script = (log: string, promises: string, ...rest: string[]) => Promise<number[]>

interface Arguments {
  readonly take: string[]
  readonly peek: string[]
}

export class RedisLimiter {
  readonly #redis: Redis
  readonly #script: Script
  readonly #simulatedMs: (() => number) | undefined
  readonly #arguments = new WeakMap<Policies, Arguments>()

  /** The time is Redis's own, unless it is simulated: then whole microseconds, in milliseconds. */
  constructor(redis: Redis, simulatedMs?: () => number) {
    this.#redis = redis
    this.#simulatedMs = simulatedMs
    redis.defineCommand('agentclaraLimit', { numberOfKeys: 2, lua: script })
    // Commands that are defined at run time are methods that the type of a connection doesn't know.
    const { agentclaraLimit } = redis as Redis & { agentclaraLimit: Script }
    this.#script = agentclaraLimit.bind(redis)
  }

  take(name: string, policies: Policies): Promise<Verdict> {
    return this.#run(name, policies, this.#argumentsOf(policies).take)
  }

  peek(name: string, policies: Policies): Promise<Verdict> {
    return this.#run(name, policies, this.#argumentsOf(policies).peek)
  }

  async giveBack(name: string, { countedAt }: Pick<Verdict, 'countedAt'>): Promise<void> {
    await this.#redis.lrem(logKey(name), 1, String(countedAt))
  }

  async #run(name: string, policies: Policies, args: string[]): Promise<Verdict> {
    const log = logKey(name)
    const simulated = this.#simulatedMs === undefined ? [] : [String(Math.round(this.#simulatedMs() * 1000))]
    return toVerdict(policies, await this.#script(log, `${log}:promises`, ...args, ...simulated))
  }

  #argumentsOf(policies: Policies): Arguments {
    const known = this.#arguments.get(policies)
    if (known !== undefined) return known
    const pairs = policies.flatMap(({ limit, windowMs }) => [String(limit), String(windowMs * 1000)])
    const made = { take: ['1', ...pairs], peek: ['0', ...pairs] }
    this.#arguments.set(policies, made)
    return made
  }
}

/** On a cluster, what is in braces decides where a key lies: all of a name lies together. */
function logKey(name: string): string {
  return `agentclara:limit:{${name}}`
}

/** `countedAt` is in microseconds of Redis's clock. */
function toVerdict(policies: Policies, reply: number[]): Verdict {
  const isAllowed = reply[0] === 1
  const quotas: Quota[] = []
  let refusedBy: Policy | undefined
  let waitMs = 0
  let index = 2
  for (const policy of policies) {
    const remaining = reply[index++] ?? 0
    const resetMs = (reply[index++] ?? 0) / 1000
    quotas.push({ policy, remaining, resetMs })
    if (isAllowed || remaining > 0 || resetMs <= waitMs) continue
    waitMs = resetMs
    refusedBy = policy
  }
  return { isAllowed, countedAt: reply[1] ?? 0, quotas, waitMs, refusedBy }
}
