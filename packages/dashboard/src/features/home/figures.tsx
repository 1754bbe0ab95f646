/** The figures of a range: how many, how well, how fast, and when. */
import type { Overview } from '@agentclara/sdk'
import type { ReactNode } from 'react'
import { count, duration, number, percent } from '../../lib/format.ts'
import { BarChart } from '../../ui/bar-chart.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Card } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { busiestHour, dayBars, hourBars } from './bars.ts'

interface FiguresProps {
  overview: Overview
  /** Those of another range, until the new ones are here. */
  isStale: boolean
}

export function Figures({ overview, isStale }: FiguresProps) {
  const { resolution_rate: rate, median_first_response_ms: responseMs, hours } = overview
  const busiest = busiestHour(hours)
  return (
    <div className={classNames('flex flex-col gap-4', isStale && 'opacity-60')}>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line lg:grid-cols-4">
        <Figure label="Conversations" value={number(overview.conversations)}>
          {count(overview.open, 'open', 'open')} now
        </Figure>
        <Figure label="Resolved without a person" value={rate === null ? '–' : percent(rate)}>
          {rate === null
            ? 'Nobody has asked yet'
            : `${number(overview.without_person)} of ${number(overview.asked)}`}
        </Figure>
        <Figure label="First response" value={responseMs === null ? '–' : duration(responseMs)}>
          {responseMs === null ? 'Nothing answered yet' : 'median'}
        </Figure>
        <Figure label="New contacts" value={number(overview.new_contacts)}>
          {count(overview.customer_messages, 'message')} from customers
        </Figure>
      </dl>
      {overview.conversations === 0 && overview.customer_messages === 0 ? (
        <Card className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm text-muted">Charts appear with the first conversations.</p>
          <LinkButton to="/welcome">Send Clara a message</LinkButton>
        </Card>
      ) : (
        <div className="grid gap-4 lg:grid-cols-2">
          <Chart title="Conversations per day">
            <BarChart label="Conversations" axis="Day" bars={dayBars(overview.days)} format={number} />
          </Chart>
          <Chart title="Busiest hours" note={busiest === null ? undefined : `Most from ${busiest}`}>
            <BarChart label="Messages of customers" axis="Hour" bars={hourBars(hours)} format={number} />
          </Chart>
        </div>
      )}
    </div>
  )
}

function Figure({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <div className="bg-surface p-4">
      <dt className="text-xs text-faint">{label}</dt>
      <dd>
        <div className="mt-1 text-2xl font-semibold tracking-tight tabular">{value}</div>
        <div className="text-xs text-muted">{children}</div>
      </dd>
    </div>
  )
}

interface ChartProps {
  title: string
  note?: string | undefined
  children: ReactNode
}

function Chart({ title, note, children }: ChartProps) {
  return (
    <Card>
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="text-sm font-medium">{title}</h3>
        {note !== undefined && <p className="text-xs text-faint">{note}</p>}
      </div>
      {children}
    </Card>
  )
}

export function FiguresShape() {
  return (
    <div role="status" className="flex flex-col gap-4">
      <span className="sr-only">Loading…</span>
      <Skeleton className="h-24 w-full rounded-lg" />
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton className="h-60 w-full rounded-lg" />
        <Skeleton className="h-60 w-full rounded-lg" />
      </div>
    </div>
  )
}
