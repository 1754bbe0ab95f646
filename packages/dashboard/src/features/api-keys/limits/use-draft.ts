/** A draft and what is wrong with it: problems are shown once somebody tried to send it, and go as they are mended. */
import { ApiError } from '@agentclara/sdk'
import { type RefObject, useRef, useState } from 'react'
import { ProofDeclined } from '../../../lib/proof.tsx'
import { type KeyDraft, type Problems, problemsOf, problemsOfAnswer } from './draft.ts'

export function useDraft(initial: KeyDraft) {
  const [draft, setDraft] = useState(initial)
  const [answered, setAnswered] = useState<{ draft: KeyDraft; problems: Problems }>()
  const [hasTried, setHasTried] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const form = useRef<HTMLFormElement>(null)
  const own = hasTried ? problemsOf(draft, Date.now()) : {}
  // What the server said holds for what it was sent.
  const problems = answered?.draft === draft ? { ...own, ...answered.problems } : own

  /** Sends it unless something is wrong with it. Undefined: it wasn't sent, or refused. */
  const send = async <T>(call: (nowMs: number) => Promise<T>): Promise<T | undefined> => {
    setHasTried(true)
    setError(null)
    const nowMs = Date.now()
    if (Object.keys(problemsOf(draft, nowMs)).length > 0) {
      focusFirstProblem(form)
      return undefined
    }
    setIsBusy(true)
    try {
      return await call(nowMs)
    } catch (problem) {
      const found = problem instanceof ApiError ? problemsOfAnswer(problem, draft) : null
      if (found !== null) {
        setAnswered({ draft, problems: found })
        focusFirstProblem(form)
      }
      if (found === null && !(problem instanceof ProofDeclined)) setError(problem)
      return undefined
    } finally {
      setIsBusy(false)
    }
  }
  return { draft, setDraft, problems, isBusy, error, send, form }
}

/** Once the problems are drawn. */
function focusFirstProblem(form: RefObject<HTMLFormElement | null>): void {
  requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
