/** What people do to conversations. What was answered is shown at once; the rest is read again. */
import type { ConversationWithMessages, Message, SentMessage } from '@agentclara/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { conversationQuery } from './queries.ts'
import type { Action } from './words.ts'

const calls: Record<Action, (id: string) => Promise<unknown>> = {
  handOff: (id) => api.conversations.handOff(id, { reason: 'Taken over in the dashboard.' }),
  returnToClara: (id) => api.conversations.returnToClara(id),
  resolve: (id) => api.conversations.resolve(id),
  close: (id) => api.conversations.close(id),
  reopen: (id) => api.conversations.reopen(id),
}

export function useConversationAction(id: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (action: Action) => calls[action](id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['conversations'] }),
  })
}

export function useDeleteConversation(id: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => api.conversations.delete(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['conversations', 'list'] }),
  })
}

export interface Draft {
  content: string
  visibility: 'public' | 'internal'
}

/** A message that is on its way has this as its id until the server gave it one: it stands behind all others. */
const PENDING_ID = 'msg_~'

export const isPending = ({ id }: Pick<Message, 'id'>) => id === PENDING_ID

export function useSendMessage(id: string) {
  const queryClient = useQueryClient()
  const { queryKey } = conversationQuery(id)
  const show = (change: (messages: Message[]) => Message[]) =>
    queryClient.setQueryData(queryKey, (conversation: ConversationWithMessages | undefined) =>
      conversation === undefined ? undefined : { ...conversation, messages: change(conversation.messages) },
    )
  const withoutPending = (messages: Message[]) => messages.filter((message) => !isPending(message))
  return useMutation({
    mutationFn: (draft: Draft): Promise<SentMessage> =>
      api.conversations.messages.send(id, { ...draft, sender: 'human' }),
    onMutate: async (draft) => {
      await queryClient.cancelQueries({ queryKey })
      const pending: Message = {
        ...draft,
        id: PENDING_ID,
        conversation_id: id,
        sender: 'human',
        timestamp: new Date().toISOString(),
        citations: [],
        metadata: {},
      }
      show((messages) => [...messages, pending])
    },
    onSuccess: (sent) => show((messages) => [...withoutPending(messages), sent]),
    onError: () => show(withoutPending),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['conversations'] }),
  })
}
