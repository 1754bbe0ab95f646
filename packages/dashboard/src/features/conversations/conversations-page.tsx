/** All conversations of the environment, the latest change first, live. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { MessagesSquare, X } from 'lucide-react'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Select } from '../../ui/field.tsx'
import { LoadMore } from '../../ui/list-end.tsx'
import { Page } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { ConversationTable } from './conversation-table.tsx'
import { type ConversationFilter, readConversationFilter, type View, viewOf, views } from './filter.ts'
import { useLiveConversations } from './live.ts'
import { conversationsQuery } from './queries.ts'
import { channelWords, handlerWords, statusWords } from './words.ts'

const route = getRouteApi('/_shell/conversations/')

export function ConversationsPage() {
  const filter = route.useSearch()
  const query = useInfiniteQuery(conversationsQuery(filter))
  useLiveConversations()
  const conversations = query.data?.pages.flatMap(({ data }) => data)
  return (
    <Page
      title="Conversations"
      width="wide"
      description="What customers wrote on every channel, and how Clara and your people answered."
    >
      <div className="flex flex-col gap-4">
        <Filters filter={filter} />
        {query.isLoadingError && <ErrorNotice error={query.error} onRetry={query.refetch} />}
        {query.isPending && <TableSkeleton columns={5} />}
        {conversations !== undefined &&
          (conversations.length === 0 ? (
            <Nothing isFiltered={Object.keys(filter).length > 0} />
          ) : (
            <div className={query.isPlaceholderData ? 'opacity-60' : undefined}>
              <ConversationTable conversations={conversations} label="Conversations" />
              <LoadMore query={query} />
            </div>
          ))}
      </div>
    </Page>
  )
}

function Filters({ filter }: { filter: ConversationFilter }) {
  const navigate = route.useNavigate()
  const change = (changed: Record<string, unknown>) =>
    void navigate({ search: readConversationFilter({ ...filter, ...changed }), replace: true })
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented<View | ''>
        label="View"
        value={viewOf(filter) ?? ''}
        onChange={(chosen) =>
          change({
            status: undefined,
            handled_by: undefined,
            ...views.find(({ value }) => value === chosen)?.filter,
          })
        }
        options={views}
      />
      <Select
        aria-label="Status"
        className="min-w-32 flex-1 sm:w-36 sm:flex-none"
        value={filter.status ?? ''}
        onChange={(status) => change({ status })}
        options={statusOptions}
      />
      <Select
        aria-label="Handled by"
        className="min-w-32 flex-1 sm:w-36 sm:flex-none"
        value={filter.handled_by ?? ''}
        onChange={(handler) => change({ handled_by: handler })}
        options={handlerOptions}
      />
      <Select
        aria-label="Channel"
        className="min-w-32 flex-1 sm:w-36 sm:flex-none"
        value={filter.channel ?? ''}
        onChange={(channel) => change({ channel })}
        options={channelOptions}
      />
      {filter.tag !== undefined && (
        <Button size="sm" icon={<X size={13} aria-hidden />} onClick={() => change({ tag: undefined })}>
          Tag: {filter.tag}
        </Button>
      )}
    </div>
  )
}

const options = (all: string, labels: readonly (readonly [string, string])[]) => [
  { value: '', label: all },
  ...labels.map(([value, label]) => ({ value, label })),
]
const statusOptions = options(
  'Any status',
  Object.entries(statusWords).map(([value, { label }]) => [value, label] as const),
)
const handlerOptions = options('By anyone', Object.entries(handlerWords))
const channelOptions = options('Any channel', Object.entries(channelWords))

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState
        icon={<MessagesSquare size={24} />}
        title="No conversation is like that"
        action={
          <LinkButton to="/conversations" search={{}}>
            Show all
          </LinkButton>
        }
      >
        Choose another view, or clear the filters.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<MessagesSquare size={24} />}
      title="No conversations yet"
      action={<LinkButton to="/welcome">Send Clara a message</LinkButton>}
    >
      A conversation begins when a customer writes, or when your code calls{' '}
      <code className="font-mono text-xs">POST /v1/conversations</code>.
    </EmptyState>
  )
}
