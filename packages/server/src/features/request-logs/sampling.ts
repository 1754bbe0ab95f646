/**
 * Which requests are logged of a key that is refused again and again: all up to a rate that nobody reads beyond, then a
 * sample. Otherwise a key that may do nothing would fill the room that logs of all have.
 */
import type { NotedRequest } from '../../http/request-log.ts'
import { callerIdOf } from '../../principal.ts'

/** Of each key in a second. */
export const REFUSALS_KEPT = 50
/** Of those beyond, one of so many is kept. */
export const SAMPLED_OF = 100

const REFUSED = new Set([401, 403, 429])

export class RefusalSampler {
  #second = 0
  /** By key or member, in the present second. */
  readonly #refusals = new Map<string, number>()

  /** Asked once for each request. `nowMs`: of a clock that isn't set. */
  takes({ status, principal }: NotedRequest, nowMs = performance.now()): boolean {
    if (!REFUSED.has(status)) return true
    const second = Math.floor(nowMs / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#refusals.clear()
    }
    const callerId = callerIdOf(principal)
    const count = (this.#refusals.get(callerId) ?? 0) + 1
    this.#refusals.set(callerId, count)
    return count <= REFUSALS_KEPT || (count - REFUSALS_KEPT) % SAMPLED_OF === 0
  }
}
