/** `/settings/advanced/webhooks`: who is told of events, and whether it gets through. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Plus, Webhook as WebhookIcon } from 'lucide-react'
import { useShortcut } from '../../lib/keyboard.ts'
import { can, useEnvironment, useMe } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { describeEvents } from '../events/event-types.ts'
import { CreateWebhookDialog } from './create-webhook-dialog.tsx'
import { type Webhook, webhooksQuery } from './queries.ts'
import { HealthBars, lastDeliveryAt, WebhookStatus } from './webhook-status.tsx'

const route = getRouteApi('/_shell/settings/advanced/webhooks/')

export function WebhooksPage() {
  const { create: isCreating = false } = route.useSearch()
  const navigate = route.useNavigate()
  const me = useMe()
  const environment = useEnvironment()
  const webhooks = useQuery(webhooksQuery)
  const mayWrite = can(me, 'webhooks:write')
  const open = () => void navigate({ search: { create: true } })
  useShortcut({ keys: 'c', label: 'Create a webhook', group: 'Webhooks' }, open, mayWrite)
  const create = mayWrite && (
    <Button variant="primary" icon={<Plus size={15} aria-hidden />} onClick={open}>
      Create New Webhook
    </Button>
  )
  return (
    <Page
      title="Webhooks"
      description={`Your server is told what happens in ${environment === 'test' ? 'the test environment' : 'the live environment'}, signed, in order, and again until it answers.`}
      actions={webhooks.data !== undefined && webhooks.data.length > 0 && create}
    >
      {webhooks.isPending && <TableSkeleton columns={5} rows={3} />}
      {webhooks.error !== null && <ErrorNotice error={webhooks.error} onRetry={() => webhooks.refetch()} />}
      {webhooks.data?.length === 0 && (
        <EmptyState icon={<WebhookIcon size={28} />} title="Nobody is told yet" action={create}>
          Give a URL of your server: each message, conversation or contact is sent there as it happens. For a
          server on your own machine there is{' '}
          <a href="/docs/webhooks-local" className="text-accent underline underline-offset-2">
            the command listen
          </a>
          .
        </EmptyState>
      )}
      {webhooks.data !== undefined && webhooks.data.length > 0 && <WebhookTable webhooks={webhooks.data} />}
      {mayWrite && (
        <CreateWebhookDialog
          isOpen={isCreating}
          onClose={() => void navigate({ search: {}, replace: true })}
        />
      )}
    </Page>
  )
}

function WebhookTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  return (
    <Table label="Webhooks">
      <THead>
        <Th>URL</Th>
        <Th>Events</Th>
        <Th>Status</Th>
        <Th>Last 24 hours</Th>
        <Th>Last delivery</Th>
      </THead>
      <TBody>
        {webhooks.map((webhook) => (
          <Tr key={webhook.id} to="/settings/advanced/webhooks/$id" params={{ id: webhook.id }}>
            <Td isLink>
              <span
                className="block max-w-80 truncate font-mono text-xs max-sm:max-w-full"
                title={webhook.url}
              >
                {webhook.url.replace(/^https:\/\//, '')}
              </span>
              {webhook.description !== null && webhook.description !== '' && (
                <span className="block max-w-80 truncate text-xs font-normal text-faint">
                  {webhook.description}
                </span>
              )}
            </Td>
            <Td label="Events">
              <span className="block max-w-56 text-muted max-sm:max-w-full">
                {describeEvents(webhook.events)}
              </span>
            </Td>
            <Td label="Status">
              <WebhookStatus webhook={webhook} />
            </Td>
            <Td label="24 hours">
              <HealthBars health={webhook.health} />
            </Td>
            <Td label="Last">
              <RelativeTime at={lastDeliveryAt(webhook)} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}
