/** `/settings/advanced/api-keys`: the keys of this environment, found by name and state, and the button that makes one. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { KeyRound, Plus, SearchX } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useShortcut } from '../../../lib/keyboard.ts'
import { can, type Me, useMe } from '../../../lib/session.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { SearchInput, Select } from '../../../ui/field.tsx'
import { Kbd } from '../../../ui/kbd.tsx'
import { LoadMore } from '../../../ui/list-end.tsx'
import { Page } from '../../../ui/page.tsx'
import { TableSkeleton } from '../../../ui/skeleton.tsx'
import { CreateDialog } from '../create/create-dialog.tsx'
import { type KeyFilter, keysQuery } from '../queries.ts'
import { type KeysSearch, searchTextOf, statusOptions } from './filters.ts'
import { KeysTable } from './keys-table.tsx'
import { LeakSettings } from './leak-settings.tsx'

export function KeysPage({ search }: { search: KeysSearch }) {
  const me = useMe()
  const navigate = useNavigate()
  const mayWrite = can(me, 'api_keys:write')
  const [typed, setTyped] = useState(search.q ?? '')
  const status = search.status ?? 'not_ended'
  const show = (change: KeysSearch) =>
    void navigate({
      to: '/settings/advanced/api-keys',
      search: { ...search, create: undefined, ...change },
      replace: true,
    })
  const setIsCreating = (isCreating: boolean) => show({ create: isCreating || undefined })
  useShortcut({ keys: 'c', label: 'Create a key', group: 'API keys' }, () => setIsCreating(true), mayWrite)
  const text = useDeferredValue(searchTextOf(typed))
  return (
    <Page
      title="API Keys"
      description={<Explanation me={me} />}
      actions={
        mayWrite && (
          <Button variant="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setIsCreating(true)}>
            Create New Key
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <SearchInput
            label="Search by name, id or last four characters"
            placeholder="Search by name"
            value={typed}
            onChange={(value) => {
              setTyped(value)
              const q = searchTextOf(value)
              show({ q: q === '' ? undefined : q })
            }}
            className="w-64 max-sm:flex-1"
          />
          <Select
            aria-label="Status"
            options={statusOptions}
            value={status}
            onChange={(value) => show({ status: value === 'not_ended' ? undefined : value })}
            className="w-40 shrink-0"
          />
          {mayWrite && (
            <span className="ml-auto hidden items-center gap-1.5 text-xs text-faint lg:flex">
              <Kbd>C</Kbd> creates a key
            </span>
          )}
        </div>
        <Keys
          filter={{ status, search: text }}
          onClear={() => {
            setTyped('')
            show({ status: undefined, q: undefined })
          }}
          onCreate={mayWrite ? () => setIsCreating(true) : undefined}
        />
      </div>
      <LeakSettings />
      {search.create === true && mayWrite && <CreateDialog onClose={() => setIsCreating(false)} />}
    </Page>
  )
}

function Explanation({ me }: { me: Me }) {
  return (
    <>
      A key lets your code call the API. These are the keys of{' '}
      {me.environment === 'test' ? (
        <>
          <Badge tone="warning">Test</Badge>, where nothing reaches a customer; the live ones are behind the
          switch.
        </>
      ) : (
        <>
          <Badge tone="success">Live</Badge>: they reach real customers.
        </>
      )}
    </>
  )
}

interface KeysProps {
  filter: KeyFilter
  onClear: () => void
  onCreate: (() => void) | undefined
}

function Keys({ filter, onClear, onCreate }: KeysProps) {
  const me = useMe()
  const keys = useInfiniteQuery(keysQuery(filter))
  if (keys.isPending) return <TableSkeleton columns={5} rows={5} />
  if (keys.data === undefined) return <ErrorNotice error={keys.error} onRetry={() => keys.refetch()} />
  const found = keys.data.pages.flatMap(({ data }) => data)
  if (found.length > 0) {
    return (
      <div>
        <KeysTable keys={found} />
        <LoadMore query={keys} />
      </div>
    )
  }
  if (filter.search !== '' || filter.status !== 'not_ended') {
    return (
      <EmptyState
        icon={<SearchX size={22} />}
        title="No key fits"
        action={<Button onClick={onClear}>Show keys that work</Button>}
      >
        Search looks at names, ids and the last four characters of secrets, in {me.environment} only.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<KeyRound size={22} />}
      title={`No ${me.environment} keys yet`}
      action={
        onCreate && (
          <Button variant="primary" onClick={onCreate}>
            Create New Key
          </Button>
        )
      }
    >
      {onCreate === undefined
        ? 'An owner or an admin of the workspace can make one.'
        : 'Make one, copy the snippet, and your first request is a minute away.'}
    </EmptyState>
  )
}
