/** How a key's requests ended, over a day, a week or a month: as a chart, or as the same figures in a table. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { number, percent } from '../../../lib/format.ts'
import { useNow } from '../../../lib/now.ts'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { keyUsageQuery } from '../queries.ts'
import { outcomeColours } from './outcome-colours.ts'
import { outcomes, type Point, toSeries, totalOf, type UsageRange, usageRanges } from './series.ts'
import { UsageTable } from './usage-table.tsx'

const UsageChart = lazy(async () => ({ default: (await import('./usage-chart.tsx')).UsageChart }))

export function UsageSection({ keyId }: { keyId: string }) {
  const [range, setRange] = useState<UsageRange>('24h')
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const usage = useQuery(keyUsageQuery(keyId, range))
  const nowMs = useNow()
  const points = toSeries(usage.data?.buckets ?? [], range, nowMs)
  return (
    <Section
      title="Requests"
      actions={
        <>
          <Segmented label="Time range" value={range} onChange={setRange} options={usageRanges} />
          <Segmented
            label="Shown as"
            value={view}
            onChange={setView}
            options={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        </>
      }
    >
      {usage.error !== null && usage.data === undefined ? (
        <ErrorNotice error={usage.error} onRetry={() => usage.refetch()} />
      ) : (
        <div className="rounded-lg border bg-surface p-4">
          <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
            <Totals points={points} isLoading={usage.data === undefined} />
            <Link
              to="/settings/advanced/logs"
              search={{ api_key_id: keyId }}
              className="rounded-sm text-xs text-accent hover:underline"
            >
              See each in Logs
            </Link>
          </div>
          <div className="mt-4 h-48">
            {usage.data === undefined ? (
              <Skeleton className="h-full w-full" />
            ) : view === 'table' ? (
              <UsageTable points={points} range={range} />
            ) : totalOf(points).requests === 0 ? (
              <p className="flex h-full items-center justify-center text-sm text-faint">
                No requests in the last {usageRanges.find(({ value }) => value === range)?.label}.
              </p>
            ) : (
              <Suspense fallback={<Skeleton className="h-full w-full" />}>
                <UsageChart points={points} range={range} />
              </Suspense>
            )}
          </div>
        </div>
      )}
    </Section>
  )
}

function Totals({ points, isLoading }: { points: readonly Point[]; isLoading: boolean }) {
  const total = totalOf(points)
  const share = total.requests === 0 ? null : total.succeeded / total.requests
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
      <div>
        <dt className="text-xs text-faint">Requests</dt>
        <dd className="text-lg font-semibold tabular">{isLoading ? '–' : number(total.requests)}</dd>
      </div>
      {outcomes.map(({ name, label, meaning }) => (
        <div key={name} title={meaning}>
          <dt className="flex items-center gap-1.5 text-xs text-faint">
            <svg width="8" height="8" aria-hidden="true">
              <rect width="8" height="8" rx="2" fill={outcomeColours[name]} />
            </svg>
            {label}
          </dt>
          <dd className="text-lg tabular">
            {isLoading ? '–' : number(total[name])}
            {name === 'succeeded' && share !== null && (
              <span className="ml-1.5 text-xs text-muted">{percent(share)}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
