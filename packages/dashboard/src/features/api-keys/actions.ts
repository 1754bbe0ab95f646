/** What is done to keys. Each asks for a fresh proof of who you are when the server wants one; afterwards everything known of keys is read anew. */
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../lib/api.ts'
import { useProof } from '../../lib/proof.tsx'
import type { KeyBody } from './limits/draft.ts'
import { apiKeysKey } from './queries.ts'

/** Answers with a secret go to the caller only: no cache of queries or mutations holds them. */
export function useKeyActions() {
  const client = useQueryClient()
  const { withProof } = useProof()
  return useMemo(() => {
    const run = async <T>(call: () => Promise<T>): Promise<T> => {
      try {
        return await withProof(call)
      } finally {
        void client.invalidateQueries({ queryKey: apiKeysKey })
      }
    }
    return {
      create: (body: KeyBody) => run(() => api.apiKeys.create(body as CreateBody)),
      update: (id: string, change: Partial<KeyBody>) =>
        run(() => api.apiKeys.update(id, change as UpdateBody)),
      rotate: (id: string, overlapSeconds: number) =>
        run(() => api.apiKeys.rotate(id, { overlap_seconds: overlapSeconds })),
      finishRotation: (id: string) => run(() => api.apiKeys.finishRotation(id)),
      cancelRotation: (id: string) => run(() => api.apiKeys.cancelRotation(id)),
      quarantine: (id: string, reason: string) =>
        run(() => api.apiKeys.quarantine(id, reason.trim() === '' ? {} : { reason: reason.trim() })),
      release: (id: string) => run(() => api.apiKeys.release(id)),
      revoke: (id: string) => run(() => api.apiKeys.revoke(id)),
      updateSettings: (leakResponse: 'quarantine' | 'revoke') =>
        run(() => api.apiKeys.updateSettings({ leak_response: leakResponse })),
    }
  }, [client, withProof])
}

/** Permissions come from the server's own table, so they are among those that its types list. */
type CreateBody = Parameters<typeof api.apiKeys.create>[0]
type UpdateBody = Parameters<typeof api.apiKeys.update>[1]
