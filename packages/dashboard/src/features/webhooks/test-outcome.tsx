/** How a test event went: waited for, then said with what the receiver answered. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LoaderCircle } from 'lucide-react'
import { duration } from '../../lib/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { testDeliveryQuery } from './queries.ts'

interface TestOutcomeProps {
  webhookId: string
  deliveryId: string
  /** The delivery is opened, on its webhook's page. Without it there is no way there. */
  onOpen?: () => void
}

export function TestOutcome({ webhookId, deliveryId, onOpen }: TestOutcomeProps) {
  const { data: delivery } = useQuery(testDeliveryQuery(webhookId, deliveryId))
  if (delivery === null || delivery === undefined) {
    return (
      <div
        role="status"
        className="flex items-center gap-3 rounded-lg bg-sunken px-3 py-2.5 text-sm text-muted"
      >
        <LoaderCircle size={16} className="animate-spin" aria-hidden />A test event is on its way…
      </div>
    )
  }
  const attempt = delivery.attempt_log[0]
  const details = onOpen !== undefined && (
    <Link
      to="/settings/advanced/webhooks/$id"
      params={{ id: webhookId }}
      search={{ delivery: deliveryId }}
      onClick={onOpen}
    >
      See the request and the answer
    </Link>
  )
  if (delivery.status === 'succeeded') {
    return (
      <Notice tone="success" title={`It works: your server answered ${attempt?.status ?? 'with success'}`}>
        {attempt !== undefined && `After ${duration(attempt.duration_ms)}. `}
        {details}
      </Notice>
    )
  }
  const answer =
    attempt?.status == null ? (attempt?.error ?? 'No answer') : `Your server answered ${attempt.status}`
  return (
    <Notice tone="warning" title={`The test event didn’t get through: ${answer.replace(/\.$/, '')}`}>
      {delivery.status === 'pending' ? 'It is tried again by itself. ' : 'It was given up. '}
      {details}
    </Notice>
  )
}
