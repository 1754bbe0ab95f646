/** What the pages remember of the server's answers. Failures that a repetition can't mend aren't repeated: the SDK has tried already. */

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { isSignedOut } from './errors.ts'

const FRESH_MS = 10_000

let onSignedOut: (() => void) | null = null

/** Called when the server knows no session any more. Returns what stops it. */
export function watchSignOut(callback: () => void): () => void {
  onSignedOut = callback
  return () => {
    if (onSignedOut === callback) onSignedOut = null
  }
}

function onError(error: unknown): void {
  if (isSignedOut(error)) onSignedOut?.()
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { retry: false, staleTime: FRESH_MS },
    mutations: { retry: false },
  },
})
