/** Clients in a few lines: what they call themselves, from where, when last. */
import { RelativeTime } from '../../../ui/time.tsx'
import { Elapsed } from '../rotation/clock.tsx'
import { agentName, type Client } from './clients.ts'

interface ClientListProps {
  clients: readonly Pick<Client, 'ip' | 'userAgent' | 'lastSeen' | 'endpoints'>[]
  label: string
  /** Counts the seconds. */
  isLive?: boolean
}

/** Longer lists end with how many more there are. */
const SHOWN = 6

export function ClientList({ clients, label, isLive = false }: ClientListProps) {
  return (
    <ul aria-label={label} className="divide-y rounded-lg border bg-surface">
      {clients.slice(0, SHOWN).map(({ ip, userAgent, lastSeen, endpoints }) => (
        <li
          key={`${ip} ${userAgent}`}
          className="flex items-center justify-between gap-3 px-3 py-1.5 text-sm"
        >
          <div className="min-w-0">
            <div className="truncate text-text" title={userAgent}>
              {agentName(userAgent)} <span className="font-mono text-xs text-faint">{ip}</span>
            </div>
            <div className="truncate font-mono text-xs text-faint">
              {endpoints[0]?.endpoint}
              {endpoints.length > 1 && ` +${endpoints.length - 1} more`}
            </div>
          </div>
          <span className="shrink-0 text-xs text-muted">
            {isLive ? <Elapsed since={lastSeen} /> : <RelativeTime at={lastSeen} />}
          </span>
        </li>
      ))}
      {clients.length > SHOWN && (
        <li className="px-3 py-1.5 text-xs text-faint">and {clients.length - SHOWN} more</li>
      )}
    </ul>
  )
}
