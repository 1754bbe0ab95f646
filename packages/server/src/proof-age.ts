/** How old a proof of who somebody is may be for what asks for one. */
import { ApiError } from './errors.ts'
import type { Person } from './principal.ts'

export const PROOF_VALID_MS = 15 * 60_000

/** Throws `proof_required` when the person proved who they are too long ago. */
export function assertProved({ provedAt }: Pick<Person, 'provedAt'>, nowMs: number): void {
  if (nowMs - provedAt.getTime() < PROOF_VALID_MS) return
  throw new ApiError('proof_required', { details: { proved_at: provedAt.toISOString() } })
}
