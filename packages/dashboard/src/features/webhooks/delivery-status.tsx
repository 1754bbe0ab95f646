/** What became of a delivery, in a word, and of an attempt, in its status. */
import { Badge } from '../../ui/badge.tsx'
import type { Attempt, ListedDelivery } from './queries.ts'

type Facts = Pick<ListedDelivery, 'status' | 'attempts'>

export function DeliveryStatus({ delivery: { status, attempts } }: { delivery: Facts }) {
  if (status === 'succeeded') return <Badge tone="success">Delivered</Badge>
  if (status === 'failed') return <Badge tone="danger">Failed</Badge>
  return attempts === 0 ? <Badge>Waiting</Badge> : <Badge tone="warning">Retrying</Badge>
}

/** `200`, or why there was none. */
export function answerInWords({ status, error }: Pick<Attempt, 'status' | 'error'>): string {
  return status === null ? (error ?? 'No answer') : String(status)
}

export const causeInWords: Record<Attempt['cause'], string> = {
  event: 'as it happened',
  retry: 'retry',
  redelivery: 'asked for again',
  recovery: 'recovery',
  probe: 'to see whether it works again',
}

export function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}
