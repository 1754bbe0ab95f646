/** The status of a request, in the colour of its class. */
import { Badge, type Tone } from '../../ui/badge.tsx'

function toneOf(status: number): Tone {
  if (status < 300) return 'success'
  if (status < 400) return 'neutral'
  return status < 500 ? 'warning' : 'danger'
}

export function StatusCode({ status }: { status: number }) {
  return (
    <span className="tabular font-mono">
      <Badge tone={toneOf(status)}>{status}</Badge>
    </span>
  )
}
