/** Which deliveries a webhook's page lists, as its address says it. Pure. */
import { type EventType, eventTypes } from '../events/event-types.ts'

/** Tests are delivered, too. */
export const deliveredTypes: readonly (EventType | 'webhook.test')[] = [...eventTypes, 'webhook.test']

export interface DeliveryFilter {
  status?: 'pending' | 'succeeded' | 'failed'
  event?: EventType | 'webhook.test'
  conversation_id?: string
}

export interface WebhookSearch extends DeliveryFilter {
  /** What is open beside the list. */
  delivery?: string
  /** The replay whose progress is shown. */
  recovery?: string
  /** The event whose way is explained; empty while none is chosen. */
  why?: string
}

const statuses = ['pending', 'succeeded', 'failed'] as const

/** Takes an address that anybody may have written: what makes no sense is left out. */
export function readWebhookSearch(search: Record<string, unknown>): WebhookSearch {
  const text = (name: string) => {
    const value = search[name]
    return typeof value === 'string' && value !== '' && value.length <= 100 ? value : undefined
  }
  const status = statuses.find((one) => one === search.status)
  const event = deliveredTypes.find((one) => one === search.event)
  const [conversation, delivery, recovery] = ['conversation_id', 'delivery', 'recovery'].map(text)
  const why = search.why === '' ? '' : text('why')
  return {
    ...(status !== undefined && { status }),
    ...(event !== undefined && { event }),
    ...(conversation !== undefined && { conversation_id: conversation }),
    ...(delivery !== undefined && { delivery }),
    ...(recovery !== undefined && { recovery }),
    ...(why !== undefined && { why }),
  }
}

export function filterOf({ status, event, conversation_id: conversation }: WebhookSearch): DeliveryFilter {
  return {
    ...(status !== undefined && { status }),
    ...(event !== undefined && { event }),
    ...(conversation !== undefined && { conversation_id: conversation }),
  }
}

/** `create`: the list of webhooks opens with the dialog that makes one. */
export function readWebhooksSearch({ create }: Record<string, unknown>): { create?: true } {
  return create === true || create === 'true' ? { create: true } : {}
}
