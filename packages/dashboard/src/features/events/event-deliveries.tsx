/** What became of an event at each webhook: a verdict in a sentence, and the steps to it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCw, Webhook as WebhookIcon } from 'lucide-react'
import { api } from '../../lib/api.ts'
import { describeError } from '../../lib/errors.ts'
import { can, useMe } from '../../lib/session.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.ts'
import { ExplanationSteps, VerdictBadge } from '../webhooks/explanation-steps.tsx'
import { explanationQuery, type Webhook, webhooksQuery } from '../webhooks/queries.ts'
import type { Event } from './queries.ts'

export function EventDeliveries({ event }: { event: Event }) {
  const webhooks = useQuery({ ...webhooksQuery, refetchInterval: false })
  return (
    <Section title="Webhooks" description="What became of it at each of them, and why.">
      {webhooks.isPending && <Skeleton className="h-24 w-full" />}
      {webhooks.error !== null && <ErrorNotice error={webhooks.error} onRetry={() => webhooks.refetch()} />}
      {webhooks.data?.length === 0 && (
        <EmptyState
          icon={<WebhookIcon size={28} />}
          title="No webhook is told of events yet"
          action={<LinkButton to="/settings/advanced/webhooks">Webhooks</LinkButton>}
        >
          A new one can be sent this event, too: recover what it missed.
        </EmptyState>
      )}
      {webhooks.data !== undefined && webhooks.data.length > 0 && (
        <ul className="overflow-hidden rounded-lg border bg-surface">
          {webhooks.data.map((webhook) => (
            <li key={webhook.id} className="border-b last:border-b-0">
              <OneWebhook event={event} webhook={webhook} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function OneWebhook({ event, webhook }: { event: Event; webhook: Webhook }) {
  const me = useMe()
  const queryClient = useQueryClient()
  const explanation = useQuery(explanationQuery(event.id, webhook.id))
  const { data, error } = explanation
  const redeliver = useMutation({
    mutationFn: (id: string) => api.deliveries.redeliver(id),
    onSuccess: async () => {
      toast.success('In line: it is sent again')
      await queryClient.invalidateQueries(explanationQuery(event.id, webhook.id))
    },
    onError: (problem) => toast.error(describeError(problem).sentence),
  })
  const deliveryId = data?.delivery_id ?? null
  return (
    <details className="group">
      <summary className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5 text-sm hover:bg-hover focus-visible:-outline-offset-2">
        <span className="w-24 shrink-0">
          {data === undefined ? <Skeleton className="h-5 w-20" /> : <VerdictBadge verdict={data.verdict} />}
        </span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs" title={webhook.url}>
          {webhook.url}
        </span>
        <span className="text-xs text-accent group-open:hidden">Why?</span>
      </summary>
      <div className="flex flex-col gap-3 border-t bg-sunken px-4 py-3">
        {error !== null && <ErrorNotice error={error} onRetry={() => explanation.refetch()} />}
        {data !== undefined && <ExplanationSteps steps={data.steps} />}
        <div className="flex flex-wrap items-center gap-3 text-sm">
          <Link
            to="/settings/advanced/webhooks/$id"
            params={{ id: webhook.id }}
            search={deliveryId === null ? {} : { delivery: deliveryId }}
            className="text-accent underline-offset-2 hover:underline"
          >
            {deliveryId === null ? 'Open the webhook' : 'Open the delivery'}
          </Link>
          {deliveryId !== null && can(me, 'webhooks:write') && (
            <Button
              size="sm"
              icon={<RotateCw size={14} aria-hidden />}
              isBusy={redeliver.isPending}
              disabled={webhook.status === 'disabled'}
              onClick={() => redeliver.mutate(deliveryId)}
            >
              Redeliver
            </Button>
          )}
        </div>
      </div>
    </details>
  )
}
