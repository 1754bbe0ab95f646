/**
 * Counts requests of several servers together in Redis while it answers, and goes on without it while it doesn't.
 *
 * Of N requests in a window, with n servers that share them:
 * - While Redis answers, all servers together admit N.
 * - While it is lost, each server admits N/n, rounded down but at least 1, and counts towards that what it admitted itself
 *   while Redis still answered. Together they admit N, or more where one had admitted more than its share before: what it
 *   had, and N/n of each other, which is less than 2 N.
 * - When it answers again, a server asks both for one window: then all that Redis doesn't know has aged. Meanwhile each
 *   server still admits its share at most, whatever Redis forgot.
 *
 * A request that Redis doesn't answer in time is judged here, once. Redis may have counted it as well: that is forgotten
 * in a window, and never lets one more in.
 */
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Policy, Quota } from '../../http/rate-limit.ts'
import type { Limiter, Policies, Verdict } from './limiter.ts'
import { elapsedMs, MemoryLimiter } from './memory-limiter.ts'
import { createRedis, RedisLimiter } from './redis-limiter.ts'
import { HORIZON_MS } from './sliding-log.ts'

/** A Redis that is asked and answers nothing for longer counts as lost. */
const PATIENCE_MS = 250
/** A timer that is later than this says that this process is what is slow. */
const STALL_MS = 50

const PROBE: { name: string; policies: Policies } = {
  name: 'probe',
  policies: [{ name: 'probe', limit: 1, windowMs: 1_000 }],
}

export interface SharedLimiterOptions {
  redisUrl: string
  log: Logger
  /** How many servers share the limits right now, this one included. */
  liveNodes: () => number
  /** The clock of this server's own counting; for tests. */
  nowMs?: () => number
}

interface Question {
  readonly name: string
  readonly policies: Policies
  readonly askedMs: number
  readonly isCounting: boolean
  /** What this server says itself, where it was asked first; counted, if the question is. */
  readonly own: Verdict | undefined
  readonly resolve: (verdict: Verdict) => void
}

/** Counted here and in Redis, each by its own clock. */
interface SharedVerdict extends Verdict {
  readonly ownCountedAt: number
}

export class SharedLimiter implements Limiter {
  readonly #options: SharedLimiterOptions
  readonly #redis: Redis
  readonly #shared: RedisLimiter
  /** Knows all that this server admitted, also by Redis. */
  readonly #own: MemoryLimiter
  readonly #nowMs: () => number
  readonly #shares = new WeakMap<Policies, { nodes: number; policies: Policies }>()
  /** Those that Redis hasn't answered, the oldest first. */
  readonly #open = new Set<Question>()
  #watch: NodeJS.Timeout | undefined
  #watchDueMs = 0
  #lastAnswerMs = 0
  #state: 'redis' | 'redis_lost' | 'redis_returning' = 'redis_lost'
  #wasConnected = false
  #isLossKnown = false
  #isClosed = false
  #aloneUntilMs = Number.NEGATIVE_INFINITY

  constructor(options: SharedLimiterOptions) {
    this.#options = options
    this.#nowMs = options.nowMs ?? elapsedMs
    this.#own = new MemoryLimiter(this.#nowMs)
    this.#redis = createRedis(options.redisUrl)
    this.#shared = new RedisLimiter(this.#redis)
    this.#redis.on('ready', () => this.#probe())
    this.#redis.on('error', (error: Error) => this.#giveUp(error))
    this.#redis.on('close', () => this.#lose(new Error('The connection was closed.')))
  }

  start(): void {
    // The events say how it goes.
    this.#redis.connect().catch(() => undefined)
  }

  take(name: string, policies: Policies): Verdict | Promise<Verdict> {
    switch (this.state()) {
      case 'redis_lost':
        return this.#own.take(name, this.#shareOf(policies))
      case 'redis_returning': {
        const own = this.#own.take(name, this.#shareOf(policies))
        return own.isAllowed ? this.#ask(name, policies, true, own) : own
      }
      case 'redis':
        return this.#ask(name, policies, true)
    }
  }

  peek(name: string, policies: Policies): Verdict | Promise<Verdict> {
    switch (this.state()) {
      case 'redis_lost':
        return this.#own.peek(name, this.#shareOf(policies))
      case 'redis_returning': {
        const own = this.#own.peek(name, this.#shareOf(policies))
        return own.isAllowed ? this.#ask(name, policies, false, own) : own
      }
      case 'redis':
        return this.#ask(name, policies, false)
    }
  }

  giveBack(name: string, verdict: Verdict): void {
    if (!isShared(verdict)) {
      this.#own.giveBack(name, verdict)
      return
    }
    this.#own.giveBack(name, { countedAt: verdict.ownCountedAt })
    // What Redis doesn't hear in time, it forgets in a window.
    this.#shared.giveBack(name, verdict).catch(() => undefined)
  }

  state(): 'redis' | 'redis_lost' | 'redis_returning' {
    if (this.#state === 'redis_returning' && this.#nowMs() >= this.#aloneUntilMs) {
      this.#state = 'redis'
      this.#options.log.info('Rate limits are counted in Redis alone again.')
    }
    return this.#state
  }

  /** Requests that wait for Redis are judged here. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#lose(new Error('The limiter was closed.'))
    this.#redis.disconnect()
    await this.#own.close()
  }

  #ask(name: string, policies: Policies, isCounting: boolean, own?: Verdict): Promise<Verdict> {
    return new Promise((resolve) => {
      const question = { name, policies, askedMs: performance.now(), isCounting, own, resolve }
      this.#open.add(question)
      if (this.#watch === undefined) this.#watchFor(PATIENCE_MS)
      const answer = isCounting ? this.#shared.take(name, policies) : this.#shared.peek(name, policies)
      answer.then(
        (verdict) => this.#settle(question, verdict),
        (error: Error) => {
          if (this.#open.has(question)) this.#giveUp(error)
        },
      )
    })
  }

  #settle(question: Question, verdict: Verdict): void {
    this.#lastAnswerMs = performance.now()
    // Too late: it was judged here.
    if (!this.#open.delete(question)) return
    const { name, own, isCounting } = question
    const known = own === undefined ? verdict : { ...verdict, quotas: lowerOf(verdict.quotas, own.quotas) }
    if (isCounting && verdict.isAllowed) {
      const shared: SharedVerdict = { ...known, ownCountedAt: own?.countedAt ?? this.#own.record(name) }
      question.resolve(shared)
      return
    }
    if (isCounting && own !== undefined) this.#own.giveBack(name, own)
    question.resolve(known)
  }

  #watchFor(leftMs: number): void {
    this.#watchDueMs = performance.now() + leftMs
    // Answers that are there already are read first.
    this.#watch = setTimeout(() => setImmediate(() => this.#look()), leftMs).unref()
  }

  #look(): void {
    this.#watch = undefined
    const [oldest] = this.#open
    if (oldest === undefined) return
    const nowMs = performance.now()
    const leftMs = Math.max(oldest.askedMs, this.#lastAnswerMs) + PATIENCE_MS - nowMs
    if (leftMs > 0) this.#watchFor(leftMs)
    else if (nowMs - this.#watchDueMs > STALL_MS) this.#watchFor(PATIENCE_MS)
    else this.#giveUp(new Error(`No answer within ${PATIENCE_MS} ms.`))
  }

  /** Loses Redis, and the connection too if it still stands: whether Redis is well shows on a new one. */
  #giveUp(error: Error): void {
    this.#lose(error)
    if (this.#redis.status === 'ready' && !this.#isClosed) this.#redis.disconnect(true)
  }

  #lose(error: Error): void {
    this.#state = 'redis_lost'
    if (!this.#isLossKnown && !this.#isClosed) {
      this.#isLossKnown = true
      this.#options.log.warn(
        { err: error },
        'Redis doesn’t answer: until it does, this server allows its share of each rate limit.',
      )
    }
    clearTimeout(this.#watch)
    this.#watch = undefined
    const open = [...this.#open]
    this.#open.clear()
    for (const { name, policies, isCounting, own, resolve } of open) {
      const share = this.#shareOf(policies)
      resolve(own ?? (isCounting ? this.#own.take(name, share) : this.#own.peek(name, share)))
    }
  }

  /** A connection isn't enough: a Redis that is full or only replicates is connected, too. */
  #probe(): void {
    this.#shared.take(PROBE.name, PROBE.policies).then(
      () => this.#regain(),
      (error: Error) => this.#giveUp(error),
    )
  }

  #regain(): void {
    if (this.#isClosed || this.#redis.status !== 'ready') return
    const isFresh = !this.#wasConnected && this.#own.size === 0
    this.#wasConnected = true
    this.#isLossKnown = false
    if (isFresh) {
      this.#state = 'redis'
      this.#options.log.info('Rate limits are counted in Redis.')
      return
    }
    this.#state = 'redis_returning'
    this.#aloneUntilMs = this.#nowMs() + HORIZON_MS
    this.#options.log.info(
      'Redis answers again: for a minute, this server keeps to its share of each rate limit, too.',
    )
  }

  #shareOf(policies: Policies): Policies {
    const nodes = Math.max(1, this.#options.liveNodes())
    const known = this.#shares.get(policies)
    if (known !== undefined && known.nodes === nodes) return known.policies
    const share = policies.map((policy): Policy => {
      return { ...policy, limit: Math.max(1, Math.floor(policy.limit / nodes)) }
    })
    this.#shares.set(policies, { nodes, policies: share })
    return share
  }
}

function isShared(verdict: Verdict): verdict is SharedVerdict {
  return 'ownCountedAt' in verdict
}

/** Of each policy, the quota that has less left. Both are in the order of the policies. */
function lowerOf(quotas: readonly Quota[], others: readonly Quota[]): Quota[] {
  return quotas.map((quota, index) => {
    const other = others[index]
    return other !== undefined && other.remaining < quota.remaining ? other : quota
  })
}
