/** All contacts of the environment: found by name, address or number. */
import type { Contact } from '@agentclara/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Plus, UsersRound, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { number } from '../../lib/format.ts'
import { useShortcut } from '../../lib/keyboard.ts'
import { can, useMe } from '../../lib/session.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { SearchInput, Select } from '../../ui/field.tsx'
import { LoadMore } from '../../ui/list-end.tsx'
import { Page } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import { ContactDialog } from './contact-dialog.tsx'
import { type ContactFilter, readContactFilter, sorts } from './filter.ts'
import { contactsQuery } from './queries.ts'

const route = getRouteApi('/_shell/contacts/')

export function ContactsPage() {
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = can(useMe(), 'contacts:write')
  const query = useInfiniteQuery(contactsQuery(filter))
  const contacts = query.data?.pages.flatMap(({ data }) => data)
  const change = (changed: Record<string, unknown>) =>
    void navigate({ search: readContactFilter({ ...filter, ...changed }), replace: true })
  useShortcut(
    { keys: 'c', label: 'Add contact', group: 'Contacts' },
    () => change({ create: true }),
    mayWrite,
  )
  const addButton = mayWrite && (
    <Button variant="primary" icon={<Plus size={14} aria-hidden />} onClick={() => change({ create: true })}>
      Add contact
    </Button>
  )
  return (
    <Page
      title="Contacts"
      width="wide"
      description="The people who write to you. Clara makes a contact when someone new writes."
      actions={addButton}
    >
      <div className="flex flex-col gap-4">
        <Filters filter={filter} onChange={change} />
        {query.isLoadingError && <ErrorNotice error={query.error} onRetry={query.refetch} />}
        {query.isPending && <TableSkeleton columns={5} />}
        {contacts !== undefined &&
          (contacts.length === 0 ? (
            <Nothing filter={filter} action={addButton} />
          ) : (
            <div className={query.isPlaceholderData ? 'opacity-60' : undefined}>
              <ContactTable contacts={contacts} />
              <LoadMore query={query} />
            </div>
          ))}
      </div>
      {filter.create === true && mayWrite && (
        <ContactDialog
          onClose={() => change({ create: undefined })}
          onSaved={({ id }) => {
            toast.success('Contact added')
            void navigate({ to: '/contacts/$id', params: { id } })
          }}
        />
      )}
    </Page>
  )
}

interface FiltersProps {
  filter: ContactFilter
  onChange: (changed: Record<string, unknown>) => void
}

const TYPING_MS = 200

function Filters({ filter, onChange }: FiltersProps) {
  const { q = '', tag, sort = 'created' } = filter
  const [typed, setTyped] = useState(q)
  // Not each letter is a search; and what the address says wins when it changes by itself.
  useEffect(() => setTyped(q), [q])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the timer
  useEffect(() => {
    if (typed === q) return
    const timer = setTimeout(() => onChange({ q: typed }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchInput
        label="Search contacts"
        placeholder="Name, e-mail or phone"
        className="w-full sm:w-72"
        value={typed}
        onChange={setTyped}
      />
      <Select
        aria-label="Order"
        className="w-40"
        value={sort}
        onChange={(value) => onChange({ sort: value })}
        options={sorts}
      />
      {tag !== undefined && (
        <Button size="sm" icon={<X size={13} aria-hidden />} onClick={() => onChange({ tag: undefined })}>
          Tag: {tag}
        </Button>
      )}
    </div>
  )
}

function ContactTable({ contacts }: { contacts: readonly Contact[] }) {
  return (
    <Table label="Contacts">
      <THead>
        <Th>Name</Th>
        <Th>E-mail</Th>
        <Th>Phone</Th>
        <Th>Tags</Th>
        <Th className="text-right">Conversations</Th>
        <Th>Last conversation</Th>
      </THead>
      <TBody>
        {contacts.map((contact) => (
          <Tr key={contact.id} to="/contacts/$id" params={{ id: contact.id }}>
            <Td isLink className="sm:max-w-56 sm:truncate">
              {contact.name}
            </Td>
            <Td label="E-mail" className="text-muted sm:max-w-56 sm:truncate">
              {contact.email ?? '–'}
            </Td>
            <Td label="Phone" className="tabular whitespace-nowrap text-muted">
              {contact.phone ?? '–'}
            </Td>
            <Td label="Tags">
              <span className="flex flex-wrap gap-1">
                {contact.tags.length === 0 && <span className="text-faint">–</span>}
                {contact.tags.map((tag) => (
                  <Badge key={tag}>{tag}</Badge>
                ))}
              </span>
            </Td>
            <Td label="Conversations" className="tabular text-muted sm:text-right">
              {number(contact.conversation_count)}
            </Td>
            <Td label="Last one" className="text-muted">
              <RelativeTime at={contact.last_conversation} empty="None yet" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}

function Nothing({ filter, action }: { filter: ContactFilter; action: React.ReactNode }) {
  const isFiltered = filter.q !== undefined || filter.tag !== undefined
  if (!isFiltered)
    return (
      <EmptyState icon={<UsersRound size={24} />} title="No contacts yet" action={action}>
        Whoever writes to Clara becomes one. You can also add them here, or by{' '}
        <code className="font-mono text-xs">POST /v1/contacts</code>.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<UsersRound size={24} />}
      title="Nobody is found"
      action={
        <LinkButton to="/contacts" search={{}}>
          Show all
        </LinkButton>
      }
    >
      Names, e-mail addresses and phone numbers were looked through.
    </EmptyState>
  )
}
