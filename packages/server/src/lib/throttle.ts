/**
 * A token bucket for each name, in bounded memory. When there are more names than room, the one that was asked about
 * longest ago is forgotten, which only ever forgives: a new bucket is full.
 */
import { LRUCache } from 'lru-cache'

export interface ThrottleOptions {
  /** What a full bucket holds: how many may be taken at once. A whole number, 1 or more. */
  burst: number
  /** How many come back in a minute, evenly. A whole number, 1 or more. */
  perMinute: number
  /** Names remembered at most; 10,000 unless told. */
  maxNames?: number
}

interface Bucket {
  /** In units: a millisecond brings `perMinute` of them, so that all arithmetic is in whole numbers. */
  units: number
  atMs: number
}

const UNITS_PER_TOKEN = 60_000
const MAX_NAMES = 10_000

export class Throttle {
  readonly #perMinute: number
  readonly #fullUnits: number
  readonly #buckets: LRUCache<string, Bucket>

  constructor({ burst, perMinute, maxNames = MAX_NAMES }: ThrottleOptions) {
    for (const [name, value] of Object.entries({ burst, perMinute, maxNames })) {
      if (!Number.isSafeInteger(value) || value < 1)
        throw new RangeError(`${name} must be a whole number from 1`)
    }
    this.#perMinute = perMinute
    this.#fullUnits = burst * UNITS_PER_TOKEN
    this.#buckets = new LRUCache({ max: maxNames })
  }

  /**
   * Takes one and returns 0, or takes none and returns the milliseconds after which one could be taken. Instants are
   * whole milliseconds of any clock, fractions are dropped; one that goes back costs nobody anything.
   */
  take(name: string, nowMs: number): number {
    const bucket = this.#refilled(name, nowMs)
    if (bucket.units < UNITS_PER_TOKEN) return Math.ceil((UNITS_PER_TOKEN - bucket.units) / this.#perMinute)
    bucket.units -= UNITS_PER_TOKEN
    this.#buckets.set(name, bucket)
    return 0
  }

  /** What was taken is there again. */
  giveBack(name: string): void {
    const bucket = this.#buckets.get(name)
    if (bucket === undefined) return
    bucket.units = Math.min(this.#fullUnits, bucket.units + UNITS_PER_TOKEN)
  }

  #refilled(name: string, now: number): Bucket {
    const nowMs = Math.floor(now)
    const bucket = this.#buckets.get(name)
    if (bucket === undefined) return { units: this.#fullUnits, atMs: nowMs }
    const elapsedMs = Math.max(0, nowMs - bucket.atMs)
    bucket.units = Math.min(this.#fullUnits, bucket.units + elapsedMs * this.#perMinute)
    bucket.atMs = nowMs
    return bucket
  }
}
