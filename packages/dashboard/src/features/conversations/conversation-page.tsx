/** One conversation: what was said, who handles it, and where a person writes. Live. */
import type { ConversationWithMessages } from '@agentclara/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { api } from '../../lib/api.ts'
import { can, useMe } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Composer } from './composer.tsx'
import { ConversationActions } from './conversation-actions.tsx'
import { ConversationFacts } from './conversation-facts.tsx'
import { useLiveConversations } from './live.ts'
import { MessageList } from './message-list.tsx'
import { conversationQuery, earlierMessagesQuery, inOrder } from './queries.ts'
import { StatusBadge } from './status-badge.tsx'
import { customerOf } from './words.ts'

const route = getRouteApi('/_shell/conversations/$id')
const back = { label: 'Conversations', to: '/conversations' } as const

export function ConversationPage() {
  const { id } = route.useParams()
  const query = useQuery(conversationQuery(id))
  useLiveConversations(id)
  if (query.data === undefined)
    return (
      <Page title="Conversation" back={back}>
        {query.isError ? <ErrorNotice error={query.error} onRetry={query.refetch} /> : <Shape />}
      </Page>
    )
  return <Loaded key={id} conversation={query.data} />
}

function Loaded({ conversation }: { conversation: ConversationWithMessages }) {
  const mayWrite = can(useMe(), 'conversations:write')
  useMarkRead(conversation, mayWrite)
  const customer = customerOf(conversation)
  const { handoff } = conversation
  return (
    <Page
      width="wide"
      isHeadPinned
      back={back}
      documentTitle={`Conversation with ${customer}`}
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          {customer}
          <StatusBadge conversation={conversation} />
        </span>
      }
      description={conversation.subject ?? undefined}
      actions={mayWrite && <ConversationActions conversation={conversation} />}
    >
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_17rem]">
        <div className="flex min-w-0 flex-col gap-6">
          {handoff !== null && conversation.handled_by === 'human' && (
            <Notice tone="warning" title="A person handles this conversation">
              {handoff.reason}
            </Notice>
          )}
          <Thread conversation={conversation} customer={customer} />
          {mayWrite && (
            <div className="sticky bottom-0 -mx-2 bg-page px-2 pt-2 pb-3">
              <Composer conversation={conversation} />
            </div>
          )}
        </div>
        <ConversationFacts conversation={conversation} />
      </div>
    </Page>
  )
}

function Thread({ conversation, customer }: { conversation: ConversationWithMessages; customer: string }) {
  const [isShowingEarlier, setIsShowingEarlier] = useState(false)
  const earlier = useInfiniteQuery({
    ...earlierMessagesQuery(conversation.id),
    enabled: isShowingEarlier && conversation.has_more_messages,
  })
  const pages = earlier.data?.pages.map(({ data }) => data) ?? []
  const messages = inOrder(...pages, conversation.messages)
  const end = useScrollToLatest(messages.at(-1)?.id)
  const showEarlier = () => (isShowingEarlier ? void earlier.fetchNextPage() : setIsShowingEarlier(true))
  const hasEarlier = conversation.has_more_messages && (!isShowingEarlier || earlier.hasNextPage)
  if (messages.length === 0)
    return <p className="py-8 text-center text-sm text-muted">Nobody has written yet.</p>
  return (
    <div>
      {earlier.isError && <ErrorNotice error={earlier.error} onRetry={earlier.refetch} />}
      {hasEarlier && (
        <div className="flex justify-center pb-4">
          <Button size="sm" isBusy={earlier.isFetching} onClick={showEarlier}>
            Show earlier messages
          </Button>
        </div>
      )}
      <MessageList messages={messages} customer={customer} />
      <div ref={end} className="scroll-mb-50" />
    </div>
  )
}

/** The end of the conversation is in sight at first, and stays so when someone writes, unless one reads further up. */
function useScrollToLatest(latestId: string | undefined) {
  const end = useRef<HTMLDivElement>(null)
  const isFirst = useRef(true)
  useLayoutEffect(() => {
    if (latestId === undefined) return
    const { scrollHeight } = document.documentElement
    const isNearEnd = globalThis.scrollY + globalThis.innerHeight > scrollHeight - 400
    if (isFirst.current || isNearEnd) end.current?.scrollIntoView({ block: 'nearest' })
    isFirst.current = false
  }, [latestId])
  return end
}

function useMarkRead({ id, unread }: ConversationWithMessages, mayWrite: boolean): void {
  useEffect(() => {
    // That it could not be marked is no reason to disturb who reads it; it stays unread.
    if (unread && mayWrite) void api.conversations.read(id).catch(() => undefined)
  }, [id, unread, mayWrite])
}

function Shape() {
  return (
    <div role="status" className="flex flex-col gap-4">
      <span className="sr-only">Loading…</span>
      <Skeleton className="h-12 w-72 rounded-xl" />
      <Skeleton className="h-16 w-80 self-end rounded-xl" />
      <Skeleton className="h-12 w-56 rounded-xl" />
    </div>
  )
}
