/** The figures of the chart, for those who would rather read them; only times with requests. */
import { number } from '../../../lib/format.ts'
import { outcomes, type Point, pointLabel, type UsageRange } from './series.ts'

export function UsageTable({ points, range }: { points: readonly Point[]; range: UsageRange }) {
  const used = points.filter(({ requests }) => requests > 0).toReversed()
  if (used.length === 0) return <p className="pt-16 text-center text-sm text-faint">No requests.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="h-full overflow-auto rounded-md border" tabIndex={0} aria-label="Requests by outcome">
      <table className="w-full text-right text-sm tabular">
        <thead className="sticky top-0 bg-sunken text-xs text-faint">
          <tr>
            <th scope="col" className="px-3 py-1.5 text-left font-medium">
              From
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Requests
            </th>
            {outcomes.map(({ name, label }) => (
              <th key={name} scope="col" className="px-3 py-1.5 font-medium whitespace-nowrap">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {used.map((point) => (
            <tr key={point.startMs} className="border-t">
              <th scope="row" className="px-3 py-1 text-left font-normal whitespace-nowrap text-muted">
                {pointLabel(point, range)}
              </th>
              <td className="px-3 py-1">{number(point.requests)}</td>
              {outcomes.map(({ name }) => (
                <td key={name} className={point[name] === 0 ? 'px-3 py-1 text-faint' : 'px-3 py-1'}>
                  {number(point[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
