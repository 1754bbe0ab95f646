/** Rows of requests that had an Idempotency-Key. */
import type { Id } from '../../lib/ids.ts'

export interface IdempotencyKeysTable {
  /** Null: of a person, about what is in no environment. */
  environment_id: Id<'env'> | null
  /** 32 bytes: an HMAC of who called which path with which key. */
  id: Buffer
  /** 32 bytes: an HMAC of the request. */
  fingerprint: Buffer
  /** Which server works on it, or did. */
  node_id: Id<'node'>
  created_at: Date
  /** What its transaction returned, sealed; null when it had no effect. */
  outcome: Buffer | null
  status: number | null
  content_type: string | null
  /** The body that was answered, sealed; null while there is none. */
  answer: Buffer | null
}
