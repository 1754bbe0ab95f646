/** What a person is told of a webhook that was disabled. Pure. */
import type { EnvironmentName } from '../../principal.ts'
import type { WebhookRow } from './store.ts'

export function disabledNotice(
  { id, url, disabled_reason: reason, failing_since: since, last_success_at: success }: WebhookRow,
  environment: EnvironmentName,
): { subject: string; text: string } {
  const host = URL.parse(url)?.host ?? url
  const why =
    reason === 'gone'
      ? 'The receiver answered 410 (Gone), which says that it wants no more.'
      : `Every attempt failed since ${since?.toISOString() ?? 'five days ago'}.`
  const last = success === null ? 'It never succeeded.' : `The last success was at ${success.toISOString()}.`
  return {
    subject: `Webhook disabled: ${host} (${environment})`,
    text: [
      `AgentClara sends nothing to ${url} any more (webhook ${id}, environment ${environment}).`,
      '',
      `${why} ${last}`,
      '',
      'No event is lost: what happens is kept for 30 days. Once an hour one event is tried; when it is answered with',
      `2xx, the webhook is enabled by itself and is sent what it missed. To do so at once: POST /v1/webhooks/${id}/resume.`,
      '',
      `What was answered: GET /v1/webhooks/${id}/deliveries.`,
    ].join('\n'),
  }
}
