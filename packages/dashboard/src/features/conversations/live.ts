/**
 * Pages that follow what happens: the stream of events says that something changed, and the page reads it again. Who may
 * not read events asks every few seconds instead. Hidden pages neither listen nor ask.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../../lib/api.ts'
import { can, useMe } from '../../lib/session.ts'

const ASK_MS = 10_000
/** Events of one turn come together: one look for all of them. */
const SETTLE_MS = 150

/** `conversationId`: only what happens in this one. */
export function useLiveConversations(conversationId?: string): void {
  const queryClient = useQueryClient()
  const mayListen = can(useMe(), 'events:read')
  useEffect(() => {
    const refresh = () => {
      void queryClient.invalidateQueries({ queryKey: ['conversations', 'list'] })
      if (conversationId !== undefined)
        void queryClient.invalidateQueries({ queryKey: ['conversations', 'one', conversationId] })
    }
    let stop: (() => void) | null = null
    const follow = () => {
      const isVisible = document.visibilityState === 'visible'
      if (isVisible && stop === null) stop = mayListen ? listen(conversationId, refresh) : ask(refresh)
      if (!isVisible) {
        stop?.()
        stop = null
      }
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      stop?.()
    }
  }, [queryClient, mayListen, conversationId])
}

function ask(refresh: () => void): () => void {
  const timer = setInterval(refresh, ASK_MS)
  return () => clearInterval(timer)
}

function listen(conversationId: string | undefined, refresh: () => void): () => void {
  const stopped = new AbortController()
  let settling: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    settling ??= setTimeout(() => {
      settling = undefined
      refresh()
    }, SETTLE_MS)
  }
  const follow = async () => {
    const events = api.events.stream({
      signal: stopped.signal,
      ...(conversationId !== undefined && { conversation_id: conversationId }),
      // What happened before, or while the connection was away, is read once it is there.
      onConnected: soon,
    })
    for await (const { type } of events) {
      if (type.startsWith('conversation.') || type.startsWith('message.')) soon()
    }
  }
  // Refused for good, for example because the session ended: other requests of the page tell of that.
  void follow().catch(() => undefined)
  return () => {
    stopped.abort()
    clearTimeout(settling)
  }
}
