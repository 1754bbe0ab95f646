/** `/settings/advanced/usage`: how many requests there were, how they went, and by which key. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { number, percent } from '../../lib/format.ts'
import { useNow } from '../../lib/now.ts'
import { useEnvironment } from '../../lib/session.ts'
import { LinkButton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Select } from '../../ui/field.tsx'
import { Card, Page, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { outcomeColours } from '../api-keys/usage/outcome-colours.ts'
import {
  type Outcome,
  outcomes,
  type Point,
  toSeries,
  totalOf,
  usageRanges,
} from '../api-keys/usage/series.ts'
import { UsageTable } from '../api-keys/usage/usage-table.tsx'
import { KeyTable } from './key-table.tsx'
import { Limits } from './limits.tsx'
import { usageQuery } from './queries.ts'
import type { UsageSearch } from './usage-search.ts'

const UsageChart = lazy(async () => ({
  default: (await import('../api-keys/usage/usage-chart.tsx')).UsageChart,
}))

const route = getRouteApi('/_shell/settings/advanced/usage')

export function UsagePage() {
  const { range = '24h', key } = route.useSearch()
  const navigate = route.useNavigate()
  const environment = useEnvironment()
  const nowMs = useNow()
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const usage = useQuery(usageQuery(range, key))
  // To choose from: of the range whole, whichever key is chosen.
  const all = useQuery(usageQuery(range, undefined))
  const points = toSeries(usage.data?.buckets ?? [], range, nowMs)
  const total = totalOf(points)
  const show = (change: UsageSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false })
  const keys = (all.data?.keys ?? []).map(({ api_key_id: value, name: label }) => ({ value, label }))
  if (key !== undefined && !keys.some(({ value }) => value === key)) keys.push({ value: key, label: key })
  const rangeLabel = usageRanges.find(({ value }) => value === range)?.label ?? ''
  return (
    <Page
      title="Usage"
      description={`Requests by keys of the ${environment} environment, up to the second. The same counting as the logs.`}
      actions={
        <Segmented
          label="Time range"
          value={range}
          onChange={(value) => show({ range: value })}
          options={usageRanges}
        />
      }
    >
      {usage.error !== null && <ErrorNotice error={usage.error} onRetry={() => usage.refetch()} />}
      <Section
        title="Requests"
        actions={
          <>
            <Select<string>
              aria-label="API key"
              className="w-48"
              value={key ?? ''}
              onChange={(value) =>
                void navigate({
                  search: ({ key: _before, ...rest }) => (value === '' ? rest : { ...rest, key: value }),
                  replace: true,
                  resetScroll: false,
                })
              }
              options={[{ value: '', label: 'All keys' }, ...keys]}
            />
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
        <Card>
          <Totals points={points} isLoading={usage.data === undefined} keyId={key} />
          <div className="mt-4 h-56">
            {usage.data === undefined ? (
              <Skeleton className="h-full w-full" />
            ) : view === 'table' ? (
              <UsageTable points={points} range={range} />
            ) : total.requests === 0 ? (
              <p className="flex h-full flex-col items-center justify-center gap-3 text-sm text-faint">
                No requests in the last {rangeLabel}.
                <LinkButton to="/settings/advanced/api-keys" size="sm">
                  API keys
                </LinkButton>
              </p>
            ) : (
              <Suspense fallback={<Skeleton className="h-full w-full" />}>
                <UsageChart points={points} range={range} />
              </Suspense>
            )}
          </div>
        </Card>
      </Section>
      <Limits rateLimited={total.rate_limited} keyId={key} />
      {all.data !== undefined && all.data.keys.length > 0 && (
        <Section
          title="By key"
          description={`In the last ${rangeLabel}, with the requests of their client tokens.`}
        >
          <KeyTable keys={all.data.keys} total={all.data.totals.requests} />
          {all.data.has_more_keys && (
            <p className="mt-2 text-xs text-faint">
              Only the busiest {number(all.data.keys.length)} are listed.
            </p>
          )}
        </Section>
      )}
    </Page>
  )
}

/** Where the logs show the requests of an outcome. */
const logStatus: Partial<Record<Outcome, string>> = {
  client_errors: '4xx',
  refused: '403',
  rate_limited: '429',
  server_errors: '5xx',
}

interface TotalsProps {
  points: readonly Point[]
  isLoading: boolean
  keyId: string | undefined
}

function Totals({ points, isLoading, keyId }: TotalsProps) {
  const total = totalOf(points)
  return (
    <dl className="flex flex-wrap gap-x-7 gap-y-3">
      <div>
        <dt className="text-xs text-faint">Requests</dt>
        <dd className="text-lg font-semibold tabular">{isLoading ? '–' : number(total.requests)}</dd>
      </div>
      {outcomes.map(({ name, label, meaning }) => {
        const status = logStatus[name]
        return (
          <div key={name} title={meaning}>
            <dt className="flex items-center gap-1.5 text-xs text-faint">
              <svg width="8" height="8" aria-hidden="true">
                <rect width="8" height="8" rx="2" fill={outcomeColours[name]} />
              </svg>
              {label}
            </dt>
            <dd className="text-lg tabular">
              {isLoading ? (
                '–'
              ) : status !== undefined && total[name] > 0 ? (
                <Link
                  to="/settings/advanced/logs"
                  search={{ status, ...(keyId !== undefined && { api_key_id: keyId }) }}
                  className="underline decoration-dotted underline-offset-4 hover:decoration-solid"
                >
                  {number(total[name])}
                </Link>
              ) : (
                number(total[name])
              )}
              {name === 'succeeded' && !isLoading && total.requests > 0 && (
                <span className="ml-1.5 text-xs text-muted">{percent(total.succeeded / total.requests)}</span>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
