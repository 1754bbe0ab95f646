/** `/settings/advanced/events`: what happened, as it happens; each with where it was told. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Activity, ListFilter } from 'lucide-react'
import { useCallback, useState } from 'react'
import { count } from '../../lib/format.ts'
import { isTooLong, useLiveList } from '../../lib/live-list.ts'
import { useEnvironment } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { ClockTime } from '../../ui/clock-time.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { SearchInput } from '../../ui/field.tsx'
import { LiveSwitch } from '../../ui/live-switch.tsx'
import { Page } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { type EventFilter, summaryOf, typesOf } from './event-filter.ts'
import { EventTree } from './event-tree.tsx'
import { type Event, eventsQuery, newerEvents } from './queries.ts'

const route = getRouteApi('/_shell/settings/advanced/events/')
const bySequence = (a: Event, b: Event) => b.sequence - a.sequence

export function EventsPage() {
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const environment = useEnvironment()
  const [isLive, setIsLive] = useState(true)
  const [isAtTop, setIsAtTop] = useState(true)
  const options = eventsQuery(filter)
  const events = useInfiniteQuery(options)
  const readNewer = (newest: Event | undefined, signal: AbortSignal) =>
    newerEvents(
      filter,
      events.data !== undefined && isTooLong(events.data.pages) ? undefined : newest,
      signal,
    )
  useLiveList({
    listKey: options.queryKey,
    isLive: isLive && isAtTop && events.data !== undefined,
    readNewer,
    compare: bySequence,
  })
  const rows = events.data?.pages.flatMap((page) => page.data) ?? []
  const setFilter = (next: EventFilter) => void navigate({ search: next, replace: true })
  const { hasNextPage, isFetching, fetchNextPage } = events
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const isFiltered = Object.keys(filter).length > 0
  return (
    <Page
      title="Events"
      width="wide"
      description={`What happened in the ${environment} environment in the last 30 days, in order. Webhooks are told of the same.`}
      actions={
        <LiveSwitch
          isLive={isLive}
          onChange={setIsLive}
          waitingFor={isAtTop ? undefined : 'Waits while you read further down'}
        />
      }
    >
      <div>
        <Filters filter={filter} onChange={setFilter} />
        {events.isPending && <TableSkeleton columns={3} rows={10} />}
        {events.error !== null && <ErrorNotice error={events.error} onRetry={() => events.refetch()} />}
        {events.data !== undefined && rows.length === 0 && (
          <EmptyState
            icon={<Activity size={28} />}
            title={isFiltered ? 'No event matches' : 'Nothing has happened yet'}
            action={isFiltered && <Button onClick={() => setFilter({})}>Clear filters</Button>}
          >
            {isFiltered
              ? 'New ones appear here by themselves.'
              : 'Start a conversation or add a contact: what happens appears here at once.'}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <VirtualList
            label="Events"
            items={rows}
            keyOf={(event) => event.id}
            rowHeight={37}
            renderRow={(event) => <EventRow event={event} />}
            onEnd={more}
            onTopChange={setIsAtTop}
            footer={
              events.isFetchingNextPage && (
                <p className="px-3 py-2 text-center text-xs text-faint">Loading more…</p>
              )
            }
          />
        )}
      </div>
    </Page>
  )
}

function EventRow({ event }: { event: Event }) {
  return (
    <Link
      to="/settings/advanced/events/$id"
      params={{ id: event.id }}
      className="grid grid-cols-[1fr_auto] items-center gap-x-4 px-3 py-2 text-sm hover:bg-hover focus-visible:-outline-offset-2 sm:grid-cols-[16rem_1fr_auto]"
    >
      <span className="truncate font-mono text-xs font-medium">{event.type}</span>
      <span className="truncate text-muted max-sm:order-3 max-sm:col-span-2">{summaryOf(event.data)}</span>
      <span className="text-right text-muted">
        <ClockTime at={event.timestamp} />
      </span>
    </Link>
  )
}

function Filters({ filter, onChange }: { filter: EventFilter; onChange: (filter: EventFilter) => void }) {
  const [isChoosing, setIsChoosing] = useState(false)
  const [conversation, setConversation] = useState(filter.conversation_id ?? '')
  const chosen = typesOf(filter)
  const setTypes = (types: ReadonlySet<string>) => {
    const { types: _before, ...rest } = filter
    onChange(types.size === 0 ? rest : { ...rest, types: [...types].join(',') })
  }
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Button icon={<ListFilter size={14} aria-hidden />} onClick={() => setIsChoosing(true)}>
        {chosen.length === 0 ? 'All types' : chosen.length === 1 ? chosen[0] : count(chosen.length, 'type')}
      </Button>
      <SearchInput
        className="w-64 max-sm:w-full"
        label="Conversation id"
        placeholder="Conversation, conv_…"
        value={conversation}
        onChange={(text) => {
          setConversation(text)
          const { conversation_id: _before, ...rest } = filter
          const id = text.trim()
          if (id === '') onChange(rest)
          else if (/^conv_\w{26}$/.test(id)) onChange({ ...rest, conversation_id: id })
        }}
      />
      {Object.keys(filter).length > 0 && (
        <Button
          variant="ghost"
          onClick={() => {
            setConversation('')
            onChange({})
          }}
        >
          Clear filters
        </Button>
      )}
      <Dialog
        isOpen={isChoosing}
        onClose={() => setIsChoosing(false)}
        title="Types of events"
        footer={
          <>
            <Button onClick={() => setTypes(new Set())}>Show all</Button>
            <Button variant="primary" onClick={() => setIsChoosing(false)}>
              Done
            </Button>
          </>
        }
      >
        <EventTree label="Types of events" chosen={new Set(chosen)} onChange={setTypes} />
      </Dialog>
    </div>
  )
}
