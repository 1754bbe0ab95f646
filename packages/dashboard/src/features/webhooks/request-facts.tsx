/** Where an attempt was sent, and the headers that went with it; values that are sealed aren't shown. */
import { HeaderList } from '../../ui/header-list.tsx'
import type { Attempt, Delivery, Webhook } from './queries.ts'

export function RequestFacts({
  delivery,
  webhook,
  attempt,
}: {
  delivery: Delivery
  webhook: Webhook
  attempt: Attempt | undefined
}) {
  const headers = [
    ['webhook-id', delivery.event_id],
    ...(attempt === undefined
      ? []
      : [['webhook-timestamp', String(Math.floor(Date.parse(attempt.started_at) / 1000))]]),
    ['webhook-signature', `${webhook.signature},…`],
    ['agentclara-delivery', delivery.id],
    ...(attempt === undefined ? [] : [['agentclara-attempt', String(attempt.number)]]),
    ...webhook.header_names.map((name) => [name, '(sealed)']),
  ] as [string, string][]
  return (
    <div className="overflow-hidden rounded-lg border bg-surface">
      <p className="border-b px-3 py-2 font-mono text-xs wrap-anywhere">
        <span className="text-muted">POST</span> {attempt?.url ?? webhook.url}
      </p>
      <HeaderList headers={headers} />
    </div>
  )
}
