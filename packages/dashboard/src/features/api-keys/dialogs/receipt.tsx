/** The receipt of a revocation: since when, how long it took, and which servers said so. */
import { CircleAlert, CircleCheck } from 'lucide-react'
import { duration, exactTime, number } from '../../../lib/format.ts'
import type { ApiKey } from '../queries.ts'

export function Receipt({ apiKey }: { apiKey: Pick<ApiKey, 'revoked_at' | 'revocation'> }) {
  const { revoked_at: revokedAt, revocation } = apiKey
  const facts: [string, string][] = [
    ...(revokedAt === null ? [] : [['Revoked', exactTime(new Date(revokedAt))] as [string, string]]),
    ...(revocation === null
      ? []
      : ([
          ['Took', `${duration(revocation.took_ms)}, from the click until every server knew`],
          ['Requests since the click', requestsInWords(revocation.requests_since_click)],
        ] satisfies [string, string][])),
  ]
  return (
    <div className="flex flex-col gap-3 text-sm">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-faint">{label}</dt>
            <dd className="tabular">{value}</dd>
          </div>
        ))}
      </dl>
      {revocation !== null && (
        <ul className="flex flex-col gap-1 rounded-lg border bg-surface p-2.5">
          {revocation.nodes.map((node) => (
            <li key={node.id} className="flex items-center gap-2">
              {node.took_ms === null ? (
                <CircleAlert size={14} className="shrink-0 text-warning" aria-hidden />
              ) : (
                <CircleCheck size={14} className="shrink-0 text-success" aria-hidden />
              )}
              <code className="min-w-0 truncate font-mono text-xs" title={node.id}>
                {node.id}
              </code>
              <span className="ml-auto text-xs whitespace-nowrap text-muted tabular">
                {node.took_ms === null
                  ? 'no answer in 2 s; it forgot the key by itself'
                  : `refused after ${duration(node.took_ms)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function requestsInWords(requests: number): string {
  if (requests === 0) return 'None got through'
  return `${number(requests)} that had begun before a server heard of it`
}
