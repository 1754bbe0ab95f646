/** A few numbers as bars. The same numbers stand in a table for those who don't see bars; pointing at one says it. */
import { classNames } from './class-names.ts'

interface Bar {
  /** Names it in full: `Monday, Mar 9`. */
  label: string
  value: number
  /** What stands under it; bars without are understood from their neighbours. */
  tick?: string
}

interface BarChartProps {
  /** What is counted, as the heading of the table. */
  label: string
  /** What the bars stand for, such as `Day`. */
  axis: string
  bars: readonly Bar[]
  format: (value: number) => string
}

export function BarChart({ label, axis, bars, format }: BarChartProps) {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  return (
    <figure>
      <div className="flex h-36 items-end gap-px sm:gap-0.5" aria-hidden>
        {bars.map((bar) => (
          <div
            key={bar.label}
            title={`${bar.label}: ${format(bar.value)}`}
            className="group flex h-full min-w-0 flex-1 flex-col justify-end"
          >
            <div
              className="min-h-px rounded-t-sm bg-accent opacity-80 group-hover:opacity-100"
              style={{ height: `${(bar.value / most) * 100}%` }}
            />
          </div>
        ))}
      </div>
      <div className="flex gap-px border-t pt-1 text-xs text-faint sm:gap-0.5" aria-hidden>
        {bars.map((bar, at) => (
          <div key={bar.label} className="relative h-4 min-w-0 flex-1">
            {bar.tick !== undefined && (
              <span
                className={classNames(
                  'absolute whitespace-nowrap tabular',
                  bars.length > 10 && at === 0 ? 'left-0' : 'left-1/2 -translate-x-1/2',
                )}
              >
                {bar.tick}
              </span>
            )}
          </div>
        ))}
      </div>
      <table className="sr-only">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{axis}</th>
            <th scope="col">{label}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.label}>
              <th scope="row">{bar.label}</th>
              <td>{format(bar.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
