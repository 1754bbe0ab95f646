/** “Why wasn't an event delivered?”: of an event that is chosen or named, each step on its way to this webhook. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { SidePanel } from '../../ui/side-panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { latestEventsQuery } from '../events/queries.ts'
import { ExplanationSteps, VerdictBadge } from './explanation-steps.tsx'
import { explanationQuery } from './queries.ts'

interface ExplainPanelProps {
  webhookId: string
  /** Empty: none is chosen yet. */
  eventId: string
  onChoose: (eventId: string) => void
  onDelivery: (deliveryId: string) => void
  onClose: () => void
}

export function ExplainPanel({ webhookId, eventId, onChoose, onDelivery, onClose }: ExplainPanelProps) {
  const [text, setText] = useState('')
  const events = useQuery(latestEventsQuery)
  return (
    <SidePanel isOpen onClose={onClose} title="Why wasn’t an event delivered?">
      {eventId !== '' && <Answer webhookId={webhookId} eventId={eventId} onDelivery={onDelivery} />}
      <form
        className="flex items-end gap-2"
        onSubmit={(submitted) => {
          submitted.preventDefault()
          if (text.trim() !== '') onChoose(text.trim())
        }}
      >
        <div className="min-w-0 flex-1">
          <Field label="Event id">
            <TextInput
              placeholder="evt_…"
              spellCheck={false}
              autoComplete="off"
              className="font-mono"
              value={text}
              onChange={(changed) => setText(changed.target.value)}
            />
          </Field>
        </div>
        <Button type="submit">Explain</Button>
      </form>
      <section aria-label="Latest events">
        <h3 className="mb-2 text-sm font-semibold">Or one of the latest</h3>
        {events.isPending && <Skeleton className="h-40 w-full" />}
        {events.error !== null && <ErrorNotice error={events.error} onRetry={() => events.refetch()} />}
        <ul className="overflow-hidden rounded-lg border bg-surface empty:hidden">
          {events.data?.map((event) => (
            <li key={event.id} className="border-b last:border-b-0">
              <button
                type="button"
                aria-pressed={event.id === eventId}
                className="flex w-full items-center justify-between gap-3 px-3 py-1.5 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2 aria-pressed:bg-selected"
                onClick={() => onChoose(event.id)}
              >
                <span className="min-w-0 truncate font-mono text-xs">{event.type}</span>
                <span className="text-muted">
                  <RelativeTime at={event.timestamp} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </SidePanel>
  )
}

interface AnswerProps {
  webhookId: string
  eventId: string
  onDelivery: (deliveryId: string) => void
}

function Answer({ webhookId, eventId, onDelivery }: AnswerProps) {
  const { data, error, refetch } = useQuery(explanationQuery(eventId, webhookId))
  if (error !== null) return <ErrorNotice error={error} onRetry={() => refetch()} />
  if (data === undefined) return <Skeleton className="h-32 w-full" />
  const { delivery_id: deliveryId } = data
  return (
    <div role="status" className="rounded-lg border bg-surface p-4">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <span className="flex items-center gap-2">
          <VerdictBadge verdict={data.verdict} />
          <code className="font-mono text-xs text-faint">…{eventId.slice(-8)}</code>
        </span>
        {deliveryId !== null && (
          <Button size="sm" onClick={() => onDelivery(deliveryId)}>
            Open the delivery
          </Button>
        )}
      </div>
      <ExplanationSteps steps={data.steps} />
    </div>
  )
}
