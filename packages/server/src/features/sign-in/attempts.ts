/**
 * How often somebody may be wrong about who they are: by account, so that nobody guesses a password from many addresses;
 * by address, so that nobody tries one password on many accounts. What succeeds costs nothing. Counted on each server.
 */
import { rateLimited } from '../../errors.ts'
import { addressGroup } from '../../lib/address-group.ts'
import { Throttle } from '../../lib/throttle.ts'

/** An account's: its password, or its codes. */
const ACCOUNT = { burst: 10, perMinute: 2 }
const ADDRESS = { burst: 30, perMinute: 10 }

const MAIL_WINDOW_MS = 3_600_000
/** To one address within the window. */
const MAX_MAILS = 5
const MAX_MAILED = 10_000

export type AttemptKind = 'password' | 'code' | 'link' | 'sign_up'

export class Attempts {
  readonly #accounts = new Throttle(ACCOUNT)
  readonly #addresses = new Throttle(ADDRESS)
  /** By address, when mail was sent to it. The one that was mailed longest ago is forgotten first. */
  readonly #mailedAtMs = new Map<string, number[]>()

  /**
   * Counts an attempt before it is known how it ends: many at once are no way around. Call what it returns when it
   * succeeds. Throws `rate_limited`. `account`: what is guessed at, if that is known.
   */
  begin(kind: AttemptKind, address: string, account?: string): () => void {
    const group = addressGroup(address)
    const taken: [Throttle, string][] = []
    const giveBack = (): void => {
      for (const [throttle, name] of taken) throttle.giveBack(name)
    }
    const wanted: [Throttle, string][] = [[this.#addresses, group]]
    if (account !== undefined) wanted.push([this.#accounts, `${kind} ${account}`])
    for (const [throttle, name] of wanted) {
      const waitMs = throttle.take(name, performance.now())
      if (waitMs > 0) {
        giveBack()
        throw rateLimited('sign_in', waitMs, {
          hint: 'That was tried too often. Try again after the time in Retry-After; a passkey works meanwhile, if you have one.',
        })
      }
      taken.push([throttle, name])
    }
    return giveBack
  }

  /** Whether one more mail may go to this address now; counts it then. */
  mayMail(email: string, nowMs: number): boolean {
    const recent = (this.#mailedAtMs.get(email) ?? []).filter((atMs) => nowMs - atMs < MAIL_WINDOW_MS)
    if (recent.length >= MAX_MAILS) return false
    this.#mailedAtMs.delete(email)
    this.#mailedAtMs.set(email, [...recent, nowMs])
    const [oldest] = this.#mailedAtMs.keys()
    if (oldest !== undefined && this.#mailedAtMs.size > MAX_MAILED) this.#mailedAtMs.delete(oldest)
    return true
  }
}
