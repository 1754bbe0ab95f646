/** A line of numbers in the space of a word. What it says is also said in words, by its label. */
const WIDTH = 72
const HEIGHT = 20
const INSET = 2

export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const most = Math.max(1, ...values)
  const step = values.length > 1 ? (WIDTH - 2 * INSET) / (values.length - 1) : 0
  const points = values.map(
    (value, at) => `${INSET + at * step},${HEIGHT - INSET - (value / most) * (HEIGHT - 2 * INSET)}`,
  )
  return (
    <svg
      role="img"
      aria-label={label}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="text-accent"
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}
