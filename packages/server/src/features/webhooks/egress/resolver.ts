/** From names to addresses, so that no name holds up the others. */
import { LRUCache } from 'lru-cache'
import { NameServers } from './name-servers.ts'

export interface Resolver {
  /** Every address of the name, of both families. Rejects when there is none or it can't be told. */
  resolve(hostname: string): Promise<readonly string[]>
}

export interface SharedResolverOptions {
  /** Names that are being resolved at once, 256 by default. Beyond, a name is refused at once with the code EBUSY. */
  maxUnderWay?: number
  /** For so long a name that failed isn't asked for again, 10 s by default. */
  failedForMs?: number
  /** A name that takes longer is slow, 0.5 s by default. All slow names together get half of what may be under way. */
  slowAfterMs?: number
}

const MAX_REMEMBERED = 4_096
const SLOW_FOR_MS = 600_000

/**
 * Asks once for all who ask at the same time, for a bounded number of names at once. Failures are remembered for a
 * short time, answers not at all. A name that was slow the last time can't take the room of names that weren't: whoever
 * has many names whose servers are silent holds up nobody else.
 */
export class SharedResolver implements Resolver {
  readonly #resolver: Resolver
  readonly #maxUnderWay: number
  readonly #slowAfterMs: number
  readonly #asking = new Map<string, Promise<readonly string[]>>()
  readonly #failed: LRUCache<string, Error>
  readonly #slow = new LRUCache<string, true>({ max: MAX_REMEMBERED, ttl: SLOW_FOR_MS })
  #slowUnderWay = 0

  constructor(resolver: Resolver, options: SharedResolverOptions = {}) {
    this.#resolver = resolver
    this.#maxUnderWay = options.maxUnderWay ?? 256
    this.#slowAfterMs = options.slowAfterMs ?? 500
    this.#failed = new LRUCache({ max: MAX_REMEMBERED, ttl: options.failedForMs ?? 10_000, ttlResolution: 0 })
  }

  resolve(hostname: string): Promise<readonly string[]> {
    const underWay = this.#asking.get(hostname)
    if (underWay !== undefined) return underWay
    const failed = this.#failed.get(hostname)
    if (failed !== undefined) return Promise.reject(failed)
    const isSlow = this.#slow.has(hostname)
    if (this.#asking.size >= this.#maxUnderWay || (isSlow && this.#slowUnderWay >= this.#maxUnderWay / 2)) {
      return Promise.reject(Object.assign(new Error('too many names are being resolved'), { code: 'EBUSY' }))
    }
    const asked = this.#ask(hostname, isSlow)
    this.#asking.set(hostname, asked)
    return asked
  }

  async #ask(hostname: string, isSlow: boolean): Promise<readonly string[]> {
    const startedMs = performance.now()
    if (isSlow) this.#slowUnderWay++
    try {
      return await this.#resolver.resolve(hostname)
    } catch (error) {
      if (error instanceof Error) this.#failed.set(hostname, error)
      throw error
    } finally {
      this.#asking.delete(hostname)
      if (isSlow) this.#slowUnderWay--
      if (performance.now() - startedMs > this.#slowAfterMs) this.#slow.set(hostname, true)
      else this.#slow.delete(hostname)
    }
  }
}

/** One for the process: what is judged and what is sent share its room and what it remembers. */
export const systemResolver: Resolver = new SharedResolver(new NameServers())

/** Nothing was asked: that says nothing of the name. */
export function isResolverBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EBUSY'
}

/** What went wrong with a name, for people; goes on from the name. */
export function resolveProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOTFOUND' || code === 'ENODATA') return 'has no address in the DNS'
  if (code === 'EBUSY') return 'can’t be resolved now: too many other names are being resolved'
  if (SILENT.has(code)) return 'can’t be resolved: the name servers don’t answer'
  return `can’t be resolved${code === '' ? '' : ` (${code})`}`
}

const SILENT: ReadonlySet<string> = new Set(['ETIMEOUT', 'ECANCELLED', 'ECONNREFUSED', 'ESERVFAIL'])
