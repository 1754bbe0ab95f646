/** Counts requests in this process. */
import type { Limiter, LimiterState, Policies, Verdict } from './limiter.ts'
import { HORIZON_MS, SlidingLog } from './sliding-log.ts'

/** While logs are looked over for idle ones, each call looks at so many. */
const LOGS_PER_CALL = 8

export class MemoryLimiter implements Limiter {
  readonly #logs = new Map<string, SlidingLog>()
  readonly #nowMs: () => number
  /** Undefined while none are looked over. */
  #sweep: MapIterator<[string, SlidingLog]> | undefined
  #nextSweepMs = Number.NEGATIVE_INFINITY

  /** The clock is in milliseconds from any beginning. */
  constructor(nowMs: () => number = elapsedMs) {
    this.#nowMs = nowMs
  }

  /** There is nothing to connect to. */
  start(): void {}

  /** Names of which something is remembered. */
  get size(): number {
    return this.#logs.size
  }

  take(name: string, policies: Policies): Verdict {
    const nowMs = this.#nowMs()
    this.#sweepSome(nowMs)
    return this.#log(name).take(policies, nowMs)
  }

  peek(name: string, policies: Policies): Verdict {
    return (this.#logs.get(name) ?? new SlidingLog()).peek(policies, this.#nowMs())
  }

  /** Counts a request that was accepted elsewhere. Returns the instant that it counts at. */
  record(name: string): number {
    const nowMs = this.#nowMs()
    this.#sweepSome(nowMs)
    return this.#log(name).record(nowMs)
  }

  giveBack(name: string, { countedAt }: Pick<Verdict, 'countedAt'>): void {
    this.#logs.get(name)?.giveBack(countedAt)
  }

  state(): LimiterState {
    return 'memory'
  }

  async close(): Promise<void> {
    this.#logs.clear()
  }

  #log(name: string): SlidingLog {
    let log = this.#logs.get(name)
    if (log === undefined) {
      log = new SlidingLog()
      this.#logs.set(name, log)
    }
    return log
  }

  /** Once in a window every log is looked at, a few by each call: no timer, and no call that takes long. */
  #sweepSome(nowMs: number): void {
    if (this.#sweep === undefined) {
      if (nowMs < this.#nextSweepMs) return
      this.#nextSweepMs = nowMs + HORIZON_MS
      this.#sweep = this.#logs.entries()
    }
    for (let looked = 0; looked < LOGS_PER_CALL; looked++) {
      const { value, done } = this.#sweep.next()
      if (done === true) {
        this.#sweep = undefined
        return
      }
      if (value[1].isIdle(nowMs)) this.#logs.delete(value[0])
    }
  }
}

/** In 1,024ths of a millisecond, so that sums and differences of instants are exact. */
export function elapsedMs(): number {
  return Math.floor(performance.now() * 1024) / 1024
}
