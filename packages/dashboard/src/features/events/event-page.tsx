/** `/settings/advanced/events/$id`: one event, what it tells of, and what became of it at each webhook. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowUpRight } from 'lucide-react'
import { linkOfId, nounOfId } from '../../lib/resource-link.ts'
import { can, useMe } from '../../lib/session.ts'
import { LinkButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Facts, Page, Section } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { EventDeliveries } from './event-deliveries.tsx'
import { objectOf } from './event-filter.ts'
import { eventInWords } from './event-types.ts'
import { type Event, eventQuery } from './queries.ts'

const route = getRouteApi('/_shell/settings/advanced/events/$id')
const back = { to: '/settings/advanced/events', label: 'Events' } as const

export function EventPage() {
  const { id } = route.useParams()
  const me = useMe()
  const { data: event, error, refetch } = useQuery(eventQuery(id))
  if (event === undefined) {
    return (
      <Page title="Event" back={back}>
        {error === null ? (
          <Skeleton className="h-64 w-full" />
        ) : (
          <ErrorNotice error={error} onRetry={() => refetch()} />
        )}
      </Page>
    )
  }
  return (
    <Page
      title={<span className="font-mono text-lg">{event.type}</span>}
      documentTitle={event.type}
      description={eventInWords(event.type)}
      back={back}
      actions={<ObjectLink event={event} />}
    >
      <Facts
        items={[
          { label: 'Happened', value: <RelativeTime at={event.timestamp} /> },
          {
            label: 'Id',
            value: (
              <span className="flex items-center gap-1">
                <code className="min-w-0 truncate font-mono text-xs">{event.id}</code>
                <CopyButton text={event.id} label="Copy id" isQuiet />
              </span>
            ),
          },
          {
            label: 'Sequence',
            value: <span className="tabular">{event.sequence}</span>,
          },
        ]}
      />
      {can(me, 'webhooks:read') && <EventDeliveries event={event} />}
      <Section title="Payload" description="What each webhook that wants it is sent.">
        <JsonView title="JSON" value={event} />
      </Section>
    </Page>
  )
}

function ObjectLink({ event }: { event: Event }) {
  const id = objectOf(event.data)
  const link = id === undefined ? undefined : linkOfId(id)
  if (id === undefined || link === undefined) return null
  return (
    <>
      {event.data.conversation_id === id && (
        <Link
          to="/settings/advanced/events"
          search={{ conversation_id: id }}
          className="text-sm text-muted underline-offset-2 hover:text-text hover:underline"
        >
          All events of it
        </Link>
      )}
      <LinkButton {...link} icon={<ArrowUpRight size={14} aria-hidden />}>
        Open the {nounOfId(id)}
      </LinkButton>
    </>
  )
}
