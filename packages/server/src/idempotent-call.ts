/** A request with an Idempotency-Key and its answer: as they are told from others, and as they are kept. */
import type { Person, Principal } from './principal.ts'

/** A request, as far as it tells tries of one from another request. */
export interface IdempotentCall {
  readonly caller: Principal | Person
  /** What the client sent as Idempotency-Key, without quotes. */
  readonly key: string
  /** PUT is PATCH: they mean the same. */
  readonly method: string
  readonly path: string
  readonly query: string
  /** The same for bodies that mean the same. */
  readonly body: string
  /** The token that the request came with when the answer holds a secret; otherwise empty. */
  readonly secret: string
}

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}
