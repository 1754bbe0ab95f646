/** Which events a webhook is told of. Pure. */
import type { JsonObject } from '../../lib/json.ts'

export function isToldOf(
  webhook: { readonly id: string; readonly events: readonly string[] },
  event: { readonly type: string; readonly data: JsonObject },
): boolean {
  // Who tests one webhook tells the others nothing.
  if (event.type === 'webhook.test') return event.data.webhook_id === webhook.id
  return webhook.events.includes('*') || webhook.events.includes(event.type)
}
