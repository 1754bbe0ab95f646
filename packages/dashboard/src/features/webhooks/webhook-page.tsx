/** `/settings/advanced/webhooks/$id`: one webhook, what it was sent, and what may be done about it. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { can, useMe } from '../../lib/session.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Facts, Page } from '../../ui/page.tsx'
import { Skeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { describeEvents } from '../events/event-types.ts'
import { DeliveriesSection } from './deliveries-section.tsx'
import { DeliveryPanel } from './delivery-panel.tsx'
import { ExplainPanel } from './explain-panel.tsx'
import { type Webhook, webhookQuery } from './queries.ts'
import { RecoveryProgress } from './recovery-progress.tsx'
import { WebhookActions } from './webhook-actions.tsx'
import { WebhookNotices } from './webhook-notices.tsx'
import { HealthBars, WebhookStatus } from './webhook-status.tsx'

const route = getRouteApi('/_shell/settings/advanced/webhooks/$id')
const back = { to: '/settings/advanced/webhooks', label: 'Webhooks' } as const

export function WebhookPage() {
  const { id } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const me = useMe()
  const { data: webhook, error, refetch } = useQuery(webhookQuery(id))
  const mayWrite = can(me, 'webhooks:write')
  const mayReadEvents = can(me, 'events:read')
  const open = (change: { delivery?: string; recovery?: string; why?: string }) =>
    void navigate({
      search: (before) => ({ ...without(before, ['delivery', 'why']), ...change }),
      resetScroll: false,
    })

  if (webhook === undefined) {
    return (
      <Page
        title={error === null ? <Skeleton className="h-6 w-72" /> : 'Webhook'}
        documentTitle="Webhook"
        back={back}
      >
        {error === null ? (
          <TableSkeleton columns={4} />
        ) : (
          <ErrorNotice error={error} onRetry={() => refetch()} />
        )}
      </Page>
    )
  }
  return (
    <Page
      title={<span className="font-mono text-lg wrap-anywhere">{webhook.url}</span>}
      documentTitle={`Webhook ${new URL(webhook.url).host}`}
      description={webhook.description ?? undefined}
      back={back}
      actions={
        mayWrite && (
          <WebhookActions
            webhook={webhook}
            mayRecover={mayReadEvents}
            onRecovering={(recovery) => open({ recovery })}
          />
        )
      }
    >
      <WebhookNotices webhook={webhook} mayWrite={mayWrite} />
      {search.recovery !== undefined && (
        <RecoveryProgress
          id={search.recovery}
          onClose={() =>
            void navigate({ search: (before) => without(before, ['recovery']), resetScroll: false })
          }
        />
      )}
      <WebhookFacts webhook={webhook} />
      <DeliveriesSection
        webhook={webhook}
        search={search}
        onFilter={(filter) =>
          void navigate({
            search: (before) => ({ ...without(before, ['status', 'event', 'conversation_id']), ...filter }),
            resetScroll: false,
            replace: true,
          })
        }
        onExplain={mayReadEvents ? () => open({ why: '' }) : undefined}
      />
      {search.delivery !== undefined && (
        <DeliveryPanel
          id={search.delivery}
          webhook={webhook}
          mayWrite={mayWrite}
          mayReadEvents={mayReadEvents}
          onClose={() => open({})}
        />
      )}
      {search.why !== undefined && (
        <ExplainPanel
          webhookId={id}
          eventId={search.why}
          onChoose={(why) => open({ why })}
          onDelivery={(delivery) => open({ delivery })}
          onClose={() => open({})}
        />
      )}
    </Page>
  )
}

/** Without the fields named: a field that is undefined would be another thing than none. */
function without<T extends object, K extends keyof T>(value: T, names: readonly K[]): Omit<T, K> {
  const rest = { ...value }
  for (const name of names) delete rest[name]
  return rest
}

function WebhookFacts({ webhook }: { webhook: Webhook }) {
  return (
    <Facts
      items={[
        { label: 'Status', value: <WebhookStatus webhook={webhook} /> },
        {
          label: 'Last 24 hours',
          value: <HealthBars health={webhook.health} />,
        },
        {
          label: 'Id',
          value: (
            <span className="flex items-center gap-1">
              <code className="min-w-0 truncate font-mono text-xs">{webhook.id}</code>
              <CopyButton text={webhook.id} label="Copy id" isQuiet />
            </span>
          ),
        },
        {
          label: 'Events',
          value: <span title={webhook.events.join(', ')}>{describeEvents(webhook.events)}</span>,
        },
        { label: 'Last success', value: <RelativeTime at={webhook.last_success_at} /> },
        { label: 'Last failure', value: <RelativeTime at={webhook.last_failure_at} /> },
        {
          label: 'Signature',
          value:
            webhook.verification_key === null ? (
              'HMAC-SHA256 (v1)'
            ) : (
              <span className="flex items-center gap-1">
                ed25519 (v1a)
                <CopyButton text={webhook.verification_key} label="Copy public key" isQuiet />
              </span>
            ),
        },
        {
          label: 'Headers',
          value:
            webhook.header_names.length === 0 ? (
              <span className="text-faint">None of yours</span>
            ) : (
              <span className="font-mono text-xs">{webhook.header_names.join(', ')}</span>
            ),
        },
        {
          label: 'Pace',
          value:
            webhook.max_per_second === null
              ? 'As fast as it answers'
              : `${webhook.max_per_second} a second at most`,
        },
      ]}
    />
  )
}
