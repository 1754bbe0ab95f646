/** Why an event was delivered to a webhook, or wasn't: each step that it took, in the order that it took them. Pure. */
import type { EventRow } from '../../events/log.ts'
import type { AttemptRow } from './deliveries-store.ts'
import type { DeliveryRow } from './dispatch/store.ts'
import { isToldOf } from './filter.ts'
import type { WebhookRow } from './store.ts'

export interface Step {
  step: 'event' | 'webhook' | 'filter' | 'line' | 'attempts' | 'outcome'
  ok: boolean
  sentence: string
}

export interface Explanation {
  verdict: 'delivered' | 'waiting' | 'failed' | 'not_wanted' | 'not_sent'
  /** The whole of it in a sentence. */
  sentence: string
  steps: Step[]
  deliveryId: DeliveryRow['id'] | null
}

export interface Facts {
  event: EventRow
  webhook: WebhookRow
  delivery: DeliveryRow | undefined
  /** The latest first. */
  attempts: readonly AttemptRow[]
  /** How far the log was read for the webhook. */
  position: number
  /** Events that it is told of before this one, and that wait. */
  ahead: number
  nowMs: number
}

export function explain(facts: Facts): Explanation {
  const { event, webhook, delivery } = facts
  const steps: Step[] = [
    {
      step: 'event',
      ok: true,
      sentence: `${event.type} ${event.id} happened at ${event.created_at.toISOString()}.`,
    },
  ]
  const isWanted = isToldOf(webhook, event)
  const wasThere = webhook.created_at <= event.created_at || delivery !== undefined
  steps.push({
    step: 'webhook',
    ok: wasThere,
    sentence: wasThere
      ? `The webhook is there since ${webhook.created_at.toISOString()}.`
      : `The webhook was made at ${webhook.created_at.toISOString()}, after the event: it is told of what comes later. POST /v1/webhooks/${webhook.id}/recover with \`status: "missing"\` sends it all the same.`,
  })
  if (wasThere) {
    steps.push({
      step: 'filter',
      ok: isWanted,
      sentence: isWanted
        ? `It is told of ${webhook.events.includes('*') ? 'all events' : event.type}.`
        : event.type === 'webhook.test'
          ? 'A test event is for the webhook that is tested alone.'
          : `It is told of ${webhook.events.join(', ')}, not of ${event.type}. PATCH its \`events\` to change that.`,
    })
  }
  const end = delivery === undefined ? beforeDelivery(facts, wasThere, isWanted) : ofDelivery(facts, delivery)
  return {
    verdict: end.verdict,
    sentence: end.steps.at(-1)?.sentence ?? steps.at(-1)?.sentence ?? '',
    steps: [...steps, ...end.steps],
    deliveryId: delivery?.id ?? null,
  }
}

type End = Pick<Explanation, 'verdict' | 'steps'>

function beforeDelivery(
  { event, webhook, position, ahead }: Facts,
  wasThere: boolean,
  isWanted: boolean,
): End {
  if (!wasThere) return { verdict: 'not_sent', steps: [] }
  if (!isWanted) return { verdict: 'not_wanted', steps: [] }
  if (event.sequence <= position) {
    const sentence =
      'It was passed by: the webhook was not told of such events when this one came, or its delivery is not kept any more. POST …/recover with `status: "missing"` sends it.'
    return { verdict: 'not_sent', steps: [{ step: 'line', ok: false, sentence }] }
  }
  const others = ahead === 0 ? 'It is next' : `${ahead} ${ahead === 1 ? 'event is' : 'events are'} before it`
  const why = {
    enabled:
      webhook.failing_since === null
        ? 'it is sent in its turn'
        : `nothing has got through since ${webhook.failing_since.toISOString()}, so it waits until the receiver answers again`,
    paused: 'the webhook is paused, and keeps what comes until it is resumed',
    disabled: `the webhook is disabled since ${webhook.disabled_at?.toISOString()}; it is tried once an hour`,
  }[webhook.status]
  const sentence = `${others}: ${why}.`
  return { verdict: 'waiting', steps: [{ step: 'line', ok: webhook.status === 'enabled', sentence }] }
}

function ofDelivery({ attempts, webhook }: Facts, delivery: DeliveryRow): End {
  const steps: Step[] = attempts.toReversed().map((attempt) => ({
    step: 'attempts',
    ok: isSuccess(attempt.status),
    sentence: attemptSentence(attempt),
  }))
  if (delivery.status === 'succeeded') {
    const count = delivery.attempts === 1 ? 'with the first attempt' : `after ${delivery.attempts} attempts`
    const sentence = `It was delivered at ${delivery.attempted_at?.toISOString()}, ${count}.`
    return { verdict: 'delivered', steps: [...steps, { step: 'outcome', ok: true, sentence }] }
  }
  if (delivery.status === 'failed') {
    const sentence = `It was given up after ${delivery.attempts} ${delivery.attempts === 1 ? 'attempt' : 'attempts'}: ${reasonOf(delivery)}. POST /v1/deliveries/${delivery.id}/redeliver sends it again.`
    return { verdict: 'failed', steps: [...steps, { step: 'outcome', ok: false, sentence }] }
  }
  const held =
    webhook.status === 'enabled'
      ? delivery.attempts === 0
        ? 'an earlier event of the same conversation has failed and is tried again first'
        : `the next attempt is due at ${delivery.due_at?.toISOString()}`
      : `the webhook is ${webhook.status}`
  return {
    verdict: 'waiting',
    steps: [...steps, { step: 'line', ok: false, sentence: `It waits: ${held}.` }],
  }
}

function attemptSentence({ number, started_at: at, status, error, duration_ms: ms }: AttemptRow): string {
  const what = status === null ? (error ?? 'no answer') : `answered ${status}`
  return `Attempt ${number} at ${at.toISOString()}: ${what} after ${Math.round(ms)} ms.`
}

function reasonOf({ last_status: status, last_error: error }: DeliveryRow): string {
  return status === null
    ? (error ?? 'there was no answer').replace(/\.$/, '')
    : `the receiver answered ${status}`
}

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}
