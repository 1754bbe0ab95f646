/** One contact: how to reach them, what is known, and their conversations. */
import type { Contact } from '@agentclara/sdk'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { MessagesSquare, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { count } from '../../lib/format.ts'
import { useShortcut } from '../../lib/keyboard.ts'
import { can, useMe } from '../../lib/session.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { LoadMore } from '../../ui/list-end.tsx'
import { Facts, Page, Section } from '../../ui/page.tsx'
import { Skeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import { ConversationTable } from '../conversations/conversation-table.tsx'
import { ContactDialog } from './contact-dialog.tsx'
import { contactConversationsQuery, contactQuery } from './queries.ts'

const route = getRouteApi('/_shell/contacts/$id')
const back = { label: 'Contacts', to: '/contacts' } as const

export function ContactPage() {
  const { id } = route.useParams()
  const me = useMe()
  const query = useQuery(contactQuery(id))
  if (query.data === undefined)
    return (
      <Page title="Contact" back={back}>
        {query.isError ? (
          <ErrorNotice error={query.error} onRetry={query.refetch} />
        ) : (
          <Skeleton className="h-32 w-full rounded-lg" />
        )}
      </Page>
    )
  const contact = query.data
  return (
    <Page
      back={back}
      title={contact.name}
      actions={can(me, 'contacts:write') && <Actions contact={contact} />}
    >
      <Facts items={factsOf(contact)} />
      {can(me, 'conversations:read') && <Conversations id={id} />}
    </Page>
  )
}

function factsOf(contact: Contact) {
  const lines = (values: readonly string[]) =>
    values.length === 0 ? (
      <span className="text-faint">None</span>
    ) : (
      <ul>
        {values.map((value) => (
          <li key={value} className="flex items-center gap-1">
            <span className="min-w-0">{value}</span>
            <CopyButton text={value} label={`Copy ${value}`} isQuiet />
          </li>
        ))}
      </ul>
    )
  return [
    { label: 'E-mail', value: lines(contact.emails) },
    { label: 'Phone', value: lines(contact.phones) },
    {
      label: 'Tags',
      value:
        contact.tags.length === 0 ? (
          <span className="text-faint">None</span>
        ) : (
          <span className="flex flex-wrap gap-1">
            {contact.tags.map((tag) => (
              <Link key={tag} to="/contacts" search={{ tag }} className="rounded-sm">
                <Badge>{tag}</Badge>
              </Link>
            ))}
          </span>
        ),
    },
    ...Object.entries(contact.custom_fields).map(([label, value]) => ({
      label,
      value:
        typeof value === 'string' ? (
          value
        ) : (
          <code className="font-mono text-xs">{JSON.stringify(value)}</code>
        ),
    })),
    { label: 'Added', value: <RelativeTime at={contact.created_at} /> },
    { label: 'Changed', value: <RelativeTime at={contact.updated_at} /> },
    {
      label: 'Id',
      value: (
        <span className="flex items-center gap-1">
          <code className="min-w-0 truncate font-mono text-xs text-muted">{contact.id}</code>
          <CopyButton text={contact.id} label="Copy the contact’s id" isQuiet />
        </span>
      ),
    },
  ]
}

function Actions({ contact }: { contact: Contact }) {
  const navigate = route.useNavigate()
  const queryClient = useQueryClient()
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null)
  const remove = useMutation({
    mutationFn: () => api.contacts.delete(contact.id),
    onSuccess: async () => {
      toast.success('Contact deleted')
      await navigate({ to: '/contacts' })
      await queryClient.invalidateQueries({ queryKey: ['contacts', 'list'] })
    },
  })
  useShortcut({ keys: 'e', label: 'Edit contact', group: 'This contact' }, () => setOpen('edit'))
  return (
    <>
      <Button icon={<Pencil size={14} aria-hidden />} onClick={() => setOpen('edit')}>
        Edit
      </Button>
      <Button icon={<Trash2 size={14} aria-hidden />} onClick={() => setOpen('delete')}>
        Delete
      </Button>
      {open === 'edit' && (
        <ContactDialog
          contact={contact}
          onClose={() => setOpen(null)}
          onSaved={() => {
            setOpen(null)
            toast.success('Saved')
          }}
        />
      )}
      <ConfirmDialog
        isOpen={open === 'delete'}
        onClose={() => setOpen(null)}
        title={`Delete ${contact.name}?`}
        confirmLabel="Delete contact"
        tone="danger"
        onConfirm={() => remove.mutateAsync()}
      >
        <p>
          Name, addresses and fields go for good.{' '}
          {contact.conversation_count > 0 &&
            `${count(contact.conversation_count, 'conversation')} with them ${contact.conversation_count === 1 ? 'stays' : 'stay'}, without a customer.`}
        </p>
      </ConfirmDialog>
    </>
  )
}

function Conversations({ id }: { id: string }) {
  const query = useInfiniteQuery(contactConversationsQuery(id))
  const conversations = query.data?.pages.flatMap(({ data }) => data)
  return (
    <Section title="Conversations">
      {query.isLoadingError && <ErrorNotice error={query.error} onRetry={query.refetch} />}
      {query.isPending && <TableSkeleton columns={5} rows={3} />}
      {conversations !== undefined &&
        (conversations.length === 0 ? (
          <EmptyState icon={<MessagesSquare size={24} />} title="No conversations with them yet">
            When they write, or you write to them, it is listed here.
          </EmptyState>
        ) : (
          <>
            <ConversationTable
              conversations={conversations}
              label="Conversations with this contact"
              isWithoutCustomer
            />
            <LoadMore query={query} />
          </>
        ))}
    </Section>
  )
}
