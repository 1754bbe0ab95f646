/** `/settings/advanced/logs`: every request, as it comes in; which of them the address says, and which one is open. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import { useCallback, useState } from 'react'
import { duration } from '../../lib/format.ts'
import { useShortcut } from '../../lib/keyboard.ts'
import { isTooLong, useLiveList } from '../../lib/live-list.ts'
import { useNow } from '../../lib/now.ts'
import { can, useEnvironment, useMe } from '../../lib/session.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { ClockTime } from '../../ui/clock-time.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { LiveSwitch } from '../../ui/live-switch.tsx'
import { Page } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { callerOf } from './caller.ts'
import { filterOf, isOver, type LogFilter } from './log-filter.ts'
import { LogFilters } from './log-filters.tsx'
import { LogPanel } from './log-panel.tsx'
import { compareLogs, keyNamesQuery, logsQuery, newerLogs, type RequestLog } from './queries.ts'
import { StatusCode } from './status-code.tsx'

const route = getRouteApi('/_shell/settings/advanced/logs')
const noNames: ReadonlyMap<string, string> = new Map()
const columns =
  'grid grid-cols-[auto_1fr_auto] items-center gap-x-3 sm:grid-cols-[3.5rem_4rem_1fr_9rem_4.5rem_8rem]'

export function LogsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const me = useMe()
  const environment = useEnvironment()
  const nowMs = useNow()
  const [isLive, setIsLive] = useState(true)
  const [isAtTop, setIsAtTop] = useState(true)
  const filter = filterOf(search)
  const options = logsQuery(filter)
  const logs = useInfiniteQuery(options)
  const { data: keyNames = noNames } = useQuery({ ...keyNamesQuery, enabled: can(me, 'api_keys:read') })
  const mayGrow = !isOver(filter, nowMs)
  useLiveList({
    listKey: options.queryKey,
    isLive: isLive && isAtTop && mayGrow && logs.data !== undefined,
    readNewer: (newest: RequestLog | undefined, signal) =>
      newerLogs(filter, logs.data !== undefined && isTooLong(logs.data.pages) ? undefined : newest, signal),
    compare: compareLogs,
  })
  const rows = logs.data?.pages.flatMap((page) => page.data) ?? []
  const setFilter = useCallback(
    (next: LogFilter) =>
      void navigate({
        search: ({ request }) => (request === undefined ? next : { ...next, request }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  )
  const open = (request: string | undefined) =>
    void navigate({ search: request === undefined ? filter : { ...filter, request }, resetScroll: false })
  const openAt = rows.findIndex((row) => row.id === search.request)
  const step = (by: number) => {
    const next = rows[openAt === -1 ? 0 : openAt + by]
    if (next !== undefined) open(next.id)
  }
  useShortcut({ keys: 'j', label: 'Next request', group: 'Logs' }, () => step(1))
  useShortcut({ keys: 'k', label: 'Previous request', group: 'Logs' }, () => step(-1))
  const { hasNextPage, isFetching, fetchNextPage } = logs
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const isFiltered = Object.keys(filter).length > 0
  return (
    <Page
      title="Logs"
      width="wide"
      description={`Every request with a key of the ${environment} environment, and what members change. Secrets are masked.`}
      actions={
        <LiveSwitch
          isLive={isLive}
          onChange={setIsLive}
          waitingFor={
            !mayGrow ? 'This time is over' : isAtTop ? undefined : 'Waits while you read further down'
          }
        />
      }
    >
      <div>
        <LogFilters filter={filter} onChange={setFilter} keyNames={keyNames} />
        {logs.isPending && <TableSkeleton columns={4} rows={10} />}
        {logs.error !== null && <ErrorNotice error={logs.error} onRetry={() => logs.refetch()} />}
        {logs.data !== undefined && rows.length === 0 && (
          <EmptyState
            icon={<ScrollText size={28} />}
            title={isFiltered ? 'No request matches' : 'No request yet'}
            action={
              isFiltered ? (
                <Button onClick={() => setFilter({})}>Clear filters</Button>
              ) : (
                <LinkButton to="/settings/advanced/api-keys">API keys</LinkButton>
              )
            }
          >
            {isFiltered
              ? 'New ones appear here by themselves.'
              : 'Call the API with a key of this environment: the request appears here at once.'}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <VirtualList
            label="Requests"
            items={rows}
            keyOf={(log) => log.id}
            rowHeight={37}
            header={<Header />}
            renderRow={(log) => (
              <Row log={log} filter={filter} isOpen={log.id === search.request} keyNames={keyNames} />
            )}
            onEnd={more}
            onTopChange={setIsAtTop}
            footer={
              logs.isFetchingNextPage && (
                <p className="px-3 py-2 text-center text-xs text-faint">Loading more…</p>
              )
            }
          />
        )}
      </div>
      {search.request !== undefined && (
        <LogPanel
          id={search.request}
          keyNames={keyNames}
          onClose={() => open(undefined)}
          onStep={(by) => step(by)}
          canStep={{ back: openAt > 0, on: openAt < rows.length - 1 }}
        />
      )}
    </Page>
  )
}

/** Tenths are noise but between none and one. */
function took(durationMs: number): string {
  return durationMs < 1 ? '< 1 ms' : duration(durationMs)
}

function Header() {
  return (
    <div
      className={classNames(
        columns,
        'sticky top-0 z-10 border-b bg-sunken px-3 py-2 text-xs text-faint max-sm:hidden',
      )}
      aria-hidden
    >
      <span>Status</span>
      <span>Method</span>
      <span>Path</span>
      <span>Caller</span>
      <span className="text-right">Took</span>
      <span className="text-right">When</span>
    </div>
  )
}

interface RowProps {
  log: RequestLog
  filter: LogFilter
  isOpen: boolean
  keyNames: ReadonlyMap<string, string>
}

function Row({ log, filter, isOpen, keyNames }: RowProps) {
  return (
    <Link
      to="/settings/advanced/logs"
      search={{ ...filter, request: log.id }}
      resetScroll={false}
      aria-current={isOpen || undefined}
      className={classNames(
        columns,
        'px-3 py-2 text-sm focus-visible:-outline-offset-2',
        isOpen ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <StatusCode status={log.status} />
      <span className="font-mono text-xs text-muted max-sm:hidden">{log.method}</span>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-mono text-xs" title={log.path}>
          <span className="text-muted sm:hidden">{log.method} </span>
          {log.path.replace(/^\/v1/, '')}
        </span>
        {log.code !== null && <span className="truncate text-xs text-danger max-sm:hidden">{log.code}</span>}
      </span>
      <span className="truncate text-muted max-sm:hidden">{callerOf(log, keyNames)}</span>
      <span className="tabular text-right text-muted max-sm:hidden">{took(log.duration_ms)}</span>
      <span className="text-right text-muted">
        <ClockTime at={log.created_at} />
      </span>
    </Link>
  )
}
