/** What a webhook was sent, the latest first; which of it the page's address says. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { CircleHelp, Inbox } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useNow } from '../../lib/now.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { SearchInput, Select } from '../../ui/field.tsx'
import { LoadMore } from '../../ui/list-end.tsx'
import { Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { type DeliveryFilter, deliveredTypes, filterOf, type WebhookSearch } from './delivery-filter.ts'
import { DeliveryStatus } from './delivery-status.tsx'
import { deliveriesQuery, type ListedDelivery, type Webhook } from './queries.ts'

interface DeliveriesSectionProps {
  webhook: Webhook
  search: WebhookSearch
  onFilter: (filter: DeliveryFilter) => void
  onExplain: (() => void) | undefined
}

export function DeliveriesSection({ webhook, search, onFilter, onExplain }: DeliveriesSectionProps) {
  const filter = filterOf(search)
  const deliveries = useInfiniteQuery(deliveriesQuery(webhook.id, filter))
  const rows = deliveries.data?.pages.flatMap((page) => page.data) ?? []
  const isFiltered = Object.keys(filter).length > 0
  return (
    <Section
      title="Deliveries"
      description="One for each event it was told of, for 30 days."
      actions={
        onExplain && (
          <Button size="sm" icon={<CircleHelp size={14} aria-hidden />} onClick={onExplain}>
            Why wasn’t an event delivered?
          </Button>
        )
      }
    >
      <Filters filter={filter} onFilter={onFilter} />
      {deliveries.isPending && <TableSkeleton columns={4} />}
      {deliveries.error !== null && !deliveries.isFetchNextPageError && (
        <ErrorNotice error={deliveries.error} onRetry={() => deliveries.refetch()} />
      )}
      {deliveries.data !== undefined && rows.length === 0 && (
        <EmptyState
          icon={<Inbox size={28} />}
          title={isFiltered ? 'No delivery matches' : 'Nothing was sent yet'}
          action={isFiltered && <Button onClick={() => onFilter({})}>Clear filters</Button>}
        >
          {isFiltered
            ? 'Deliveries are kept for 30 days.'
            : 'Send a test event, or make something happen: each event appears here with what your server answered.'}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DeliveryTable
          rows={rows}
          webhookId={webhook.id}
          isSending={webhook.status === 'enabled'}
          search={search}
        />
      )}
      <LoadMore query={deliveries} />
    </Section>
  )
}

function Filters({
  filter,
  onFilter,
}: {
  filter: DeliveryFilter
  onFilter: (filter: DeliveryFilter) => void
}) {
  const { status, event, conversation_id: conversation } = filter
  const set = (name: keyof DeliveryFilter, value: string | undefined) => {
    const { [name]: _before, ...rest } = filter
    // Values come from the choices below, which are of the filter's types.
    onFilter((value === undefined || value === '' ? rest : { ...rest, [name]: value }) as DeliveryFilter)
  }
  const [text, setText] = useState(conversation ?? '')
  useEffect(() => setText(conversation ?? ''), [conversation])
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Segmented
        label="Status"
        value={status ?? 'any'}
        onChange={(value) => set('status', value === 'any' ? undefined : value)}
        options={[
          { value: 'any', label: 'All' },
          { value: 'succeeded', label: 'Delivered' },
          { value: 'pending', label: 'Pending' },
          { value: 'failed', label: 'Failed' },
        ]}
      />
      <Select<string>
        aria-label="Event"
        className="w-56 max-sm:w-full"
        value={event ?? ''}
        onChange={(value) => set('event', value)}
        options={[
          { value: '', label: 'All events' },
          ...deliveredTypes.map((type) => ({ value: type, label: type })),
        ]}
      />
      <form
        className="w-64 max-sm:w-full"
        onSubmit={(submitted) => {
          submitted.preventDefault()
          set('conversation_id', text.trim())
        }}
      >
        <SearchInput
          label="Conversation id"
          placeholder="Conversation, conv_…"
          value={text}
          onChange={(value) => {
            setText(value)
            if (value === '' || /^conv_\w{26}$/.test(value.trim())) set('conversation_id', value.trim())
          }}
        />
      </form>
    </div>
  )
}

interface DeliveryTableProps {
  rows: readonly ListedDelivery[]
  webhookId: string
  /** Neither paused nor disabled. */
  isSending: boolean
  search: WebhookSearch
}

function DeliveryTable({ rows, webhookId, isSending, search }: DeliveryTableProps) {
  return (
    <Table label="Deliveries">
      <THead>
        <Th>Event</Th>
        <Th>Status</Th>
        <Th>Answer</Th>
        <Th className="text-right">Attempts</Th>
        <Th className="text-right">When</Th>
      </THead>
      <TBody>
        {rows.map((delivery) => (
          <Tr
            key={delivery.id}
            to="/settings/advanced/webhooks/$id"
            params={{ id: webhookId }}
            search={{ ...filterOf(search), delivery: delivery.id }}
            className={delivery.id === search.delivery ? 'bg-selected' : undefined}
          >
            <Td isLink>
              <span className="font-mono text-xs">{delivery.event}</span>
            </Td>
            <Td label="Status">
              <DeliveryStatus delivery={delivery} />
            </Td>
            <Td label="Answer">
              <Answer delivery={delivery} isSending={isSending} />
            </Td>
            <Td label="Attempts" className="tabular text-right text-muted">
              {delivery.attempts}
            </Td>
            <Td label="When" className="text-right text-muted">
              <RelativeTime at={delivery.created_at} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}

function Answer({ delivery, isSending }: { delivery: ListedDelivery; isSending: boolean }) {
  const nowMs = useNow()
  const { last_status: status, last_error: error, status: state, next_attempt_at: next } = delivery
  return (
    <span className="text-muted">
      {status ?? error ?? <span className="text-faint">None yet</span>}
      {state === 'pending' && next !== null && (
        <span className="text-faint">
          {' '}
          ·{' '}
          {!isSending ? (
            'kept until it is resumed'
          ) : Date.parse(next) <= nowMs ? (
            'due'
          ) : (
            <>
              next <RelativeTime at={next} />
            </>
          )}
        </span>
      )}
    </span>
  )
}
