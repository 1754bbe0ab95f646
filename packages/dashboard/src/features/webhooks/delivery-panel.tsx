/** One delivery: what was sent beside what was answered, each attempt with its time, and sending it again. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Fact } from '../../ui/fact.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SidePanel } from '../../ui/side-panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import { eventQuery } from '../events/queries.ts'
import { AttemptList } from './attempt-list.tsx'
import { AttemptResponse } from './attempt-response.tsx'
import { DeliveryStatus } from './delivery-status.tsx'
import { NextAttempt } from './next-attempt.tsx'
import { type Delivery, deliveryQuery, type Webhook } from './queries.ts'
import { RequestFacts } from './request-facts.tsx'

interface DeliveryPanelProps {
  id: string
  webhook: Webhook
  mayWrite: boolean
  mayReadEvents: boolean
  onClose: () => void
}

export function DeliveryPanel({ id, webhook, mayWrite, mayReadEvents, onClose }: DeliveryPanelProps) {
  const queryClient = useQueryClient()
  const delivery = useQuery(deliveryQuery(id))
  const redeliver = useMutation({
    mutationFn: () => api.deliveries.redeliver(id),
    onSuccess: async () => {
      toast.success('In line: it is sent again')
      await Promise.all([
        queryClient.invalidateQueries(deliveryQuery(id)),
        queryClient.invalidateQueries({ queryKey: ['webhooks', 'deliveries', webhook.id] }),
      ])
    },
  })
  const { data } = delivery
  return (
    <SidePanel
      isOpen
      onClose={onClose}
      width="wide"
      title={data === undefined ? 'Delivery' : <span className="font-mono text-sm">{data.event}</span>}
      actions={
        data !== undefined && (
          <>
            <DeliveryStatus delivery={data} />
            {mayWrite && (
              <Button
                size="sm"
                icon={<RotateCw size={14} aria-hidden />}
                isBusy={redeliver.isPending}
                disabled={webhook.status === 'disabled'}
                title={webhook.status === 'disabled' ? 'Resume the webhook first.' : undefined}
                onClick={() => redeliver.mutate()}
              >
                Redeliver
              </Button>
            )}
          </>
        )
      }
    >
      {redeliver.error !== null && <ErrorNotice error={redeliver.error} />}
      {delivery.error !== null && <ErrorNotice error={delivery.error} onRetry={() => delivery.refetch()} />}
      {delivery.isPending && <Skeleton className="h-64 w-full" />}
      {data !== undefined && (
        <DeliveryDetails delivery={data} webhook={webhook} mayReadEvents={mayReadEvents} />
      )}
    </SidePanel>
  )
}

interface DeliveryDetailsProps {
  delivery: Delivery
  webhook: Webhook
  mayReadEvents: boolean
}

function DeliveryDetails({ delivery, webhook, mayReadEvents }: DeliveryDetailsProps) {
  const [chosenAt, setChosenAt] = useState<string>()
  const attempts = delivery.attempt_log
  const chosen = attempts.find((attempt) => attempt.started_at === chosenAt) ?? attempts[0]
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-4">
        <Fact label="Event">
          <Link
            to="/settings/advanced/events/$id"
            params={{ id: delivery.event_id }}
            className="font-mono text-xs text-accent hover:underline"
            title={delivery.event_id}
          >
            …{delivery.event_id.slice(-8)}
          </Link>
        </Fact>
        <Fact label="Happened">
          <RelativeTime at={delivery.created_at} />
        </Fact>
        <Fact label="Conversation">
          {delivery.conversation_id === null ? (
            <span className="text-faint">None</span>
          ) : (
            <Link
              to="/conversations/$id"
              params={{ id: delivery.conversation_id }}
              className="font-mono text-xs text-accent hover:underline"
              title={delivery.conversation_id}
            >
              …{delivery.conversation_id.slice(-8)}
            </Link>
          )}
        </Fact>
        <Fact label="Attempts">{delivery.attempts}</Fact>
      </dl>
      <NextAttempt delivery={delivery} webhook={webhook} />
      <AttemptList
        attempts={attempts}
        chosen={chosen}
        onChoose={(attempt) => setChosenAt(attempt.started_at)}
      />
      <div className="grid min-w-0 gap-4 lg:grid-cols-2">
        <section aria-label="Request" className="flex min-w-0 flex-col gap-3">
          <h3 className="text-sm font-semibold">Request</h3>
          <RequestFacts delivery={delivery} webhook={webhook} attempt={chosen} />
          {mayReadEvents ? (
            <Payload eventId={delivery.event_id} />
          ) : (
            <Notice>The payload is for who may read events: it tells of customers.</Notice>
          )}
        </section>
        <section aria-label="Response" className="flex min-w-0 flex-col gap-3">
          <h3 className="text-sm font-semibold">Response</h3>
          <AttemptResponse attempt={chosen} />
        </section>
      </div>
    </>
  )
}

function Payload({ eventId }: { eventId: string }) {
  const { data, error, refetch } = useQuery(eventQuery(eventId))
  if (error !== null) return <ErrorNotice error={error} onRetry={() => refetch()} />
  if (data === undefined) return <Skeleton className="h-40 w-full" />
  return <JsonView title="Payload" value={data} />
}
