/** One event on its way to one webhook: as it is read from the log, taken up again, and written. */
import type { EventRow } from '../../../events/log.ts'
import { derivedId, type Id } from '../../../lib/ids.ts'
import type { DeliveryRow, DeliveryState, NewAttempt } from './store.ts'

export interface Item {
  readonly sequence: number
  readonly lane: string | null
  readonly eventId: Id<'evt'>
  readonly eventType: string
  readonly deliveryId: Id<'dlv'>
  readonly createdAt: Date
  /** Undefined: it is read again when it is to be sent. */
  event: EventRow | undefined
  attempts: number
  roundAttempts: number
  cause: NewAttempt['cause']
  recoveryId: Id<'rec'> | null
  lastStatus: number | null
  lastError: string | null
  /** Read from the log beyond the position, and not recorded yet. */
  isUnrecorded: boolean
  /** Counted as ready. */
  isReady: boolean
}

/** The same for the same event and webhook, whoever delivers it. */
export function deliveryIdOf(webhookId: Id<'we'>, event: { id: Id<'evt'>; created_at: Date }): Id<'dlv'> {
  return derivedId('dlv', event.created_at.getTime(), webhookId, event.id)
}

export function itemOfEvent(webhookId: Id<'we'>, event: EventRow): Item {
  return {
    sequence: event.sequence,
    lane: event.conversation_id,
    eventId: event.id,
    eventType: event.type,
    deliveryId: deliveryIdOf(webhookId, event),
    createdAt: event.created_at,
    event,
    attempts: 0,
    roundAttempts: 0,
    cause: 'event',
    recoveryId: null,
    lastStatus: null,
    lastError: null,
    isUnrecorded: true,
    isReady: false,
  }
}

/** What was recorded by whomever, and is to be sent for this cause; what never was sent is sent for its event. */
export function itemOfRow(row: DeliveryRow, cause: NewAttempt['cause']): Item {
  return {
    sequence: row.sequence,
    lane: row.lane,
    eventId: row.event_id,
    eventType: row.event_type,
    deliveryId: row.id,
    createdAt: row.created_at,
    event: undefined,
    attempts: row.attempts,
    roundAttempts: row.round_attempts,
    cause: row.attempts === 0 ? 'event' : cause,
    recoveryId: row.recovery_id,
    lastStatus: row.last_status,
    lastError: row.last_error,
    isUnrecorded: false,
    isReady: false,
  }
}

/** What the item alone doesn't say. */
export type ItemState = Pick<DeliveryState, 'status' | 'due_at' | 'attempted_at'>

export function deliveryOf(
  of: { readonly id: Id<'we'>; readonly environmentId: Id<'env'> },
  item: Item,
  state: ItemState,
): DeliveryState {
  return {
    environment_id: of.environmentId,
    webhook_id: of.id,
    event_id: item.eventId,
    sequence: item.sequence,
    id: item.deliveryId,
    event_type: item.eventType,
    lane: item.lane,
    attempts: item.attempts,
    round_attempts: item.roundAttempts,
    recovery_id: item.recoveryId,
    last_status: item.lastStatus,
    last_error: item.lastError,
    created_at: item.createdAt,
    ...state,
  }
}
