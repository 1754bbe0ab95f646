/** Failures of what a menu began: there is no form to show them in. */
import { describeError } from '../../lib/errors.ts'
import { ProofDeclined } from '../../lib/proof.tsx'
import { toast } from '../../ui/toast.ts'

/** Says nothing when the person chose not to go on. */
export function toastFailure(error: unknown): void {
  if (error instanceof ProofDeclined) return
  const { sentence, hint } = describeError(error)
  toast.error(sentence, hint ?? undefined)
}
