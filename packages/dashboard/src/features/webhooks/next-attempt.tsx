/** What comes next for a delivery that didn't get through, or why nothing does. */
import { useNow } from '../../lib/now.ts'
import { Notice } from '../../ui/notice.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import type { Delivery, Webhook } from './queries.ts'

export function NextAttempt({ delivery, webhook }: { delivery: Delivery; webhook: Webhook }) {
  const nowMs = useNow()
  const { status, next_attempt_at: next, attempts } = delivery
  if (status === 'failed')
    return (
      <Notice tone="danger" title="Given up">
        All retries failed. Mend what your server answers, then press Redeliver.
      </Notice>
    )
  if (status !== 'pending') return null
  if (webhook.status !== 'enabled')
    return (
      <Notice title={`It waits: the webhook is ${webhook.status}`}>
        It is sent once the webhook is resumed.
      </Notice>
    )
  return (
    <Notice
      tone={attempts === 0 ? 'neutral' : 'warning'}
      title={attempts === 0 ? 'It waits for its turn' : 'It will be tried again'}
    >
      {attempts === 0
        ? 'An earlier event of the same conversation is being tried again: order is kept.'
        : next !== null &&
          (Date.parse(next) <= nowMs ? (
            'It is due, and sent as soon as your server takes something again.'
          ) : (
            <>
              Next attempt <RelativeTime at={next} />.
            </>
          ))}
    </Notice>
  )
}
