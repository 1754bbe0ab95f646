/** The chart of a key's requests: bars stacked by outcome. In a file of its own, so that the library comes when it is needed. */
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { number, shortNumber } from '../../../lib/format.ts'
import { outcomeColours } from './outcome-colours.ts'
import { outcomes, type Point, pointLabel, totalOf, type UsageRange } from './series.ts'

export function UsageChart({ points, range }: { points: readonly Point[]; range: UsageRange }) {
  const data = points.map((point) => ({ ...point, label: pointLabel(point, range) }))
  const total = totalOf(points)
  const summary = outcomes.map(({ name, label }) => `${label}: ${total[name]}`).join(', ')
  return (
    <div
      role="img"
      aria-label={`${total.requests} requests. ${summary}. The same as a table: choose Table.`}
      className="h-full"
    >
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={data}
          margin={{ top: 4, right: 0, bottom: 0, left: 0 }}
          barCategoryGap="18%"
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--color-line)" />
          <XAxis
            dataKey="label"
            tickLine={false}
            axisLine={{ stroke: 'var(--color-line-strong)' }}
            tick={{ fill: 'var(--color-faint)', fontSize: 11 }}
            minTickGap={28}
            height={22}
          />
          <YAxis
            width={36}
            allowDecimals={false}
            tickLine={false}
            axisLine={false}
            tickFormatter={shortNumber}
            tick={{ fill: 'var(--color-faint)', fontSize: 11 }}
          />
          <Tooltip
            cursor={{ fill: 'var(--color-hover)' }}
            isAnimationActive={false}
            // What a bar's payload is: the point that was given.
            content={({ active, payload }) =>
              active === true ? (
                <Figures point={payload[0]?.payload as (Point & { label: string }) | undefined} />
              ) : null
            }
          />
          {outcomes.map(({ name, label }) => (
            <Bar
              key={name}
              dataKey={name}
              name={label}
              stackId="requests"
              fill={outcomeColours[name]}
              isAnimationActive={false}
              maxBarSize={28}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

function Figures({ point }: { point: (Point & { label: string }) | undefined }) {
  if (point === undefined) return null
  return (
    <div className="rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-xs shadow-popup">
      <div className="mb-1 font-medium">
        {point.label}: {number(point.requests)}
      </div>
      {outcomes
        .filter(({ name }) => point[name] > 0)
        .map(({ name, label }) => (
          <div key={name} className="flex items-center gap-1.5 text-muted">
            <svg width="8" height="8" aria-hidden="true">
              <rect width="8" height="8" rx="2" fill={outcomeColours[name]} />
            </svg>
            {label} <span className="ml-auto pl-3 tabular">{number(point[name])}</span>
          </div>
        ))}
    </div>
  )
}
