/**
 * What this node remembers of secrets and tokens, so that a request with a known one costs no query: bounded, dropped
 * when a key changes, and short-lived while it isn't proven that changes are heard.
 */
import { LRUCache } from 'lru-cache'
import type { Id } from '../../../lib/ids.ts'
import type { KeyHolder } from '../../../principal.ts'

/** A secret that was looked up. A key that was revoked is remembered as such, and so is one that doesn't exist. */
export type Credential =
  | { kind: 'known'; principal: KeyHolder; readAtMs: number }
  | { kind: 'unknown'; readAtMs: number }

const MAX_KNOWN = 100_000
const MAX_UNKNOWN = 10_000
const UNKNOWN_MAX_AGE_MS = 60_000
/** Keys whose latest change is remembered for lookups that are under way. */
const MAX_CHANGED_KEYS = 1_000
/** How long a heartbeat's answer vouches for what is remembered: less than others wait before they count us as gone. */
const HEARING_MS = 2_000
/** How old an entry may be while nothing vouches for it: changes reach this node within it. */
const UNHEARD_MAX_AGE_MS = 1_000

/** All instants are monotonic milliseconds, as of performance.now(). */
export class PrincipalCache {
  readonly #known = new LRUCache<string, Extract<Credential, { kind: 'known' }>>({
    max: MAX_KNOWN,
    dispose: ({ principal }, hash) => this.#unlink(principal.keyId, hash),
  })
  readonly #unknown = new LRUCache<string, Extract<Credential, { kind: 'unknown' }>>({ max: MAX_UNKNOWN })
  readonly #hashesByKey = new Map<Id<'key'>, Set<string>>()
  #changes = 0
  /** Which change was the latest of each key, the latest key last; keys beyond the bound are in `#changedUpTo`. */
  readonly #changeOfKey = new Map<Id<'key'>, number>()
  /** Any key may have changed until this change. */
  #changedUpTo = 0
  #heardAtMs = Number.NEGATIVE_INFINITY

  /** Counts the changes heard of: a lookup that began before one of its key may have read what was changed. */
  get changes(): number {
    return this.#changes
  }

  /** Another number after each change; NaN while nothing proves that changes are heard. */
  epoch(nowMs: number): number {
    return nowMs - this.#heardAtMs <= HEARING_MS ? this.#changes : Number.NaN
  }

  find(hash: string, nowMs: number): Credential | undefined {
    const entry = this.#known.get(hash) ?? this.#unknown.get(hash)
    if (entry === undefined) return undefined
    const hears = nowMs - this.#heardAtMs <= HEARING_MS
    if (hears && entry.kind === 'known') return entry
    const maxAgeMs = hears ? UNKNOWN_MAX_AGE_MS : UNHEARD_MAX_AGE_MS
    return nowMs - entry.readAtMs < maxAgeMs ? entry : undefined
  }

  /**
   * Remembers the entry unless its key may have changed since the lookup began; false then, and the lookup must be
   * redone. Changes of other keys don't matter: whoever changes one without pause would keep everybody else out. Nor
   * do they matter to what is unknown: no change makes a secret known that somebody sent before.
   */
  remember(hash: string, entry: Credential, changesAtLookup: number): boolean {
    if (changesAtLookup < this.#changedUpTo) return false
    if (entry.kind === 'known' && changesAtLookup < (this.#changeOfKey.get(entry.principal.keyId) ?? 0))
      return false
    if (entry.kind === 'unknown') {
      this.#unknown.set(hash, entry)
      return true
    }
    this.#unknown.delete(hash)
    this.#known.set(hash, entry)
    const { keyId } = entry.principal
    const hashes = this.#hashesByKey.get(keyId)
    if (hashes === undefined) this.#hashesByKey.set(keyId, new Set([hash]))
    else hashes.add(hash)
    return true
  }

  forget(keyId: Id<'key'>): void {
    this.#changes += 1
    this.#changeOfKey.delete(keyId)
    this.#changeOfKey.set(keyId, this.#changes)
    const [oldest] = this.#changeOfKey
    if (oldest !== undefined && this.#changeOfKey.size > MAX_CHANGED_KEYS) {
      this.#changeOfKey.delete(oldest[0])
      this.#changedUpTo = oldest[1]
    }
    for (const hash of [...(this.#hashesByKey.get(keyId) ?? [])]) this.#known.delete(hash)
  }

  forgetAll(): void {
    this.#changes += 1
    this.#changedUpTo = this.#changes
    this.#changeOfKey.clear()
    this.#known.clear()
    this.#unknown.clear()
  }

  /** Every change that was announced before this instant has been heard. */
  heard(nowMs: number): void {
    this.#heardAtMs = nowMs
  }

  /** Called for every entry that is dropped, whatever for. */
  #unlink(keyId: Id<'key'>, hash: string): void {
    const hashes = this.#hashesByKey.get(keyId)
    if (hashes === undefined) return
    hashes.delete(hash)
    if (hashes.size === 0) this.#hashesByKey.delete(keyId)
  }
}
