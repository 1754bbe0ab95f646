/** In which state a webhook is, in a word, and how its last day went. */
import { percent } from '../../lib/format.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import type { Webhook } from './queries.ts'

type Facts = Pick<Webhook, 'status' | 'failing_since' | 'disabled'>

function webhookState({ status, failing_since: failingSince, disabled }: Facts): {
  word: string
  tone: Tone
} {
  if (status === 'paused') return { word: 'Paused', tone: 'neutral' }
  if (status === 'disabled')
    return { word: disabled?.reason === 'gone' ? 'Disabled: gone' : 'Disabled: failing', tone: 'danger' }
  return failingSince === null ? { word: 'Enabled', tone: 'success' } : { word: 'Failing', tone: 'warning' }
}

export function WebhookStatus({ webhook }: { webhook: Facts }) {
  const { word, tone } = webhookState(webhook)
  return <Badge tone={tone}>{word}</Badge>
}

/** The later of the last success and the last failure. */
export function lastDeliveryAt({
  last_success_at: success,
  last_failure_at: failure,
}: Pick<Webhook, 'last_success_at' | 'last_failure_at'>): string | null {
  if (success === null || failure === null) return success ?? failure
  return success > failure ? success : failure
}

const BAR = 3
const GAP = 1
const HEIGHT = 20

/** Bars, one for each span: what got through above what didn't. Said in words, too. */
export function HealthBars({ health }: { health: Webhook['health'] }) {
  const { spans, success_rate: rate, succeeded, failed, since } = health
  if (rate === null) return <span className="text-faint">No deliveries</span>
  const most = Math.max(1, ...spans.map((span) => span.succeeded + span.failed))
  const width = spans.length * (BAR + GAP) - GAP
  const words = `${succeeded} of ${succeeded + failed} deliveries succeeded since ${since}`
  return (
    <span className="flex items-center gap-2">
      <svg role="img" aria-label={words} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        {spans.map((span, at) => {
          const x = at * (BAR + GAP)
          const failedHeight = heightOf(span.failed, most)
          const height = heightOf(span.succeeded, most)
          if (height + failedHeight === 0)
            // biome-ignore lint/suspicious/noArrayIndexKey: a span is its place
            return <rect key={at} x={x} y={HEIGHT - 1} width={BAR} height={1} className="fill-line-strong" />
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <g key={at}>
              <rect
                x={x}
                y={HEIGHT - failedHeight - height}
                width={BAR}
                height={height}
                className="fill-success"
              />
              <rect
                x={x}
                y={HEIGHT - failedHeight}
                width={BAR}
                height={failedHeight}
                className="fill-danger"
              />
            </g>
          )
        })}
      </svg>
      <span className="tabular">{ratePercent(rate)}</span>
    </span>
  )
}

function heightOf(value: number, most: number): number {
  return value === 0 ? 0 : Math.max(2, (value / most) * HEIGHT)
}

/** Never 100 % while something failed, nor 0 % while something didn't. */
function ratePercent(rate: number): string {
  if (rate > 0.99 && rate < 1) return '> 99 %'
  if (rate > 0 && rate < 0.01) return '< 1 %'
  return percent(rate)
}
