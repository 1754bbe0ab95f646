/** Counts requests in a Redis, for all servers that use it. Errors of Redis are the caller's to deal with. */
import { Redis, type RedisOptions } from 'ioredis'
import type { Policy, Quota } from '../../http/rate-limit.ts'
import type { Policies, Verdict } from './limiter.ts'
import { script } from './redis-script.ts'

/**
 * A command that can't be sent now fails now, and none is sent again: a request that was counted twice would be a false
 * refusal.
 */
const options = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  socketTimeout: 5_000,
  retryStrategy: () => 500,
} as const satisfies RedisOptions

/** Connects when it is told to, and again whenever it must; while there is no connection, commands fail. */
export function createRedis(redisUrl: string, more: RedisOptions = {}): Redis {
  return new Redis(redisUrl, { ...options, ...more })
}

/** Requests that are judged by one run of the script, at most: Redis does nothing else meanwhile. */
const BATCH = 64

type Script = (keyCount: number, keys: string[], args: string[]) => Promise<number[]>

/** A request that waits to be judged. */
interface Question {
  readonly log: string
  readonly policies: Policies
  readonly args: readonly string[]
  readonly resolve: (verdict: Verdict) => void
  readonly reject: (error: Error) => void
}

interface Arguments {
  readonly take: readonly string[]
  readonly peek: readonly string[]
}

export class RedisLimiter {
  readonly #redis: Redis
  readonly #script: Script
  readonly #simulatedMs: (() => number) | undefined
  readonly #arguments = new WeakMap<Policies, Arguments>()
  #questions: Question[] = []

  /** The time is Redis's own, unless it is simulated: then whole microseconds, in milliseconds. */
  constructor(redis: Redis, simulatedMs?: () => number) {
    this.#redis = redis
    this.#simulatedMs = simulatedMs
    redis.defineCommand('agentclaraLimit', { lua: script })
    // Commands that are defined at run time are methods that the type of a connection doesn't know.
    const { agentclaraLimit } = redis as Redis & { agentclaraLimit: Script }
    this.#script = agentclaraLimit.bind(redis)
  }

  take(name: string, policies: Policies): Promise<Verdict> {
    return this.#ask(name, policies, this.#argumentsOf(policies).take)
  }

  peek(name: string, policies: Policies): Promise<Verdict> {
    return this.#ask(name, policies, this.#argumentsOf(policies).peek)
  }

  /** Of a `take` that was answered. */
  async giveBack(name: string, { countedAt }: Pick<Verdict, 'countedAt'>): Promise<void> {
    await this.#redis.lrem(logKey(name), 1, String(countedAt))
  }

  /** All that is asked in one turn of the event loop is sent together. */
  #ask(name: string, policies: Policies, known: readonly string[]): Promise<Verdict> {
    const simulatedMs = this.#simulatedMs?.()
    const args = simulatedMs === undefined ? known : [...known, String(Math.round(simulatedMs * 1000))]
    return new Promise((resolve, reject) => {
      this.#questions.push({ log: logKey(name), policies, args, resolve, reject })
      if (this.#questions.length === 1) setImmediate(() => this.#send())
    })
  }

  #send(): void {
    const all = this.#questions
    this.#questions = []
    for (let start = 0; start < all.length; start += BATCH) this.#judge(all.slice(start, start + BATCH))
  }

  #judge(questions: readonly Question[]): void {
    const keys: string[] = []
    const args = [this.#simulatedMs === undefined ? '0' : '1']
    for (const question of questions) {
      keys.push(question.log)
      for (const arg of question.args) args.push(arg)
    }
    this.#script(keys.length, keys, args).then(
      (reply) => {
        let offset = 0
        for (const { policies, resolve } of questions) {
          resolve(toVerdict(policies, reply, offset))
          offset += 2 + 2 * policies.length
        }
      },
      (error: Error) => {
        for (const { reject } of questions) reject(error)
      },
    )
  }

  #argumentsOf(policies: Policies): Arguments {
    const known = this.#arguments.get(policies)
    if (known !== undefined) return known
    const pairs = policies.flatMap(({ limit, windowMs }) => [String(limit), String(windowMs * 1000)])
    const made = { take: [`${policies.length}`, ...pairs], peek: [`-${policies.length}`, ...pairs] }
    this.#arguments.set(policies, made)
    return made
  }
}

/** What is in braces is the name, by which Redis would choose a node: all of a name lies together. */
function logKey(name: string): string {
  return `agentclara:limit:{${name}}`
}

/** `countedAt` is in microseconds of Redis's clock. */
function toVerdict(policies: Policies, reply: readonly number[], offset: number): Verdict {
  const isAllowed = reply[offset] === 1
  const quotas: Quota[] = []
  let refusedBy: Policy | undefined
  let waitMs = 0
  let index = offset + 2
  for (const policy of policies) {
    const remaining = reply[index++] ?? 0
    const resetMs = (reply[index++] ?? 0) / 1000
    quotas.push({ policy, remaining, resetMs })
    if (isAllowed || remaining > 0 || resetMs <= waitMs) continue
    waitMs = resetMs
    refusedBy = policy
  }
  return { isAllowed, countedAt: reply[offset + 1] ?? 0, quotas, waitMs, refusedBy }
}
