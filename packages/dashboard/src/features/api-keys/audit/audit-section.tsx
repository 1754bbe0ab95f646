/** The audit trail of a key: who did what, when and from where. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { shortDate } from '../../../lib/format.ts'
import { useMe } from '../../../lib/session.ts'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { LoadMore } from '../../../ui/list-end.tsx'
import { Section } from '../../../ui/page.tsx'
import { TableSkeleton } from '../../../ui/skeleton.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { type AuditEntry, auditQuery, permissionsQuery } from '../queries.ts'
import { agentName } from '../usage/clients.ts'
import { type AuditContext, tell } from './sentences.ts'

export function AuditSection({ keyId }: { keyId: string }) {
  const me = useMe()
  const trail = useInfiniteQuery(auditQuery(keyId))
  const permissions = useQuery(permissionsQuery)
  const context: AuditContext = {
    myUserId: me.user.id,
    resources: permissions.data?.resources.map(({ resource }) => resource) ?? [],
    formatDate: (iso) => shortDate(new Date(iso), Date.now()),
  }
  const entries = trail.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <Section title="History" description="What was done to this key. Entries are never changed.">
      {trail.isPending && <TableSkeleton columns={2} rows={3} />}
      {trail.error !== null && trail.data === undefined && (
        <ErrorNotice error={trail.error} onRetry={() => trail.refetch()} />
      )}
      {entries.length > 0 && (
        <ol className="divide-y rounded-lg border bg-surface">
          {entries.map((entry) => (
            <EntryLine key={entry.id} entry={entry} context={context} />
          ))}
        </ol>
      )}
      <LoadMore query={trail} />
    </Section>
  )
}

function EntryLine({ entry, context }: { entry: AuditEntry; context: AuditContext }) {
  const { who, did, details } = tell(entry, context)
  const { ip, user_agent: userAgent, request_id: request } = entry.actor
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-3 py-2 text-sm">
      <div className="min-w-0 flex-1 basis-60">
        <p>
          <span className="font-medium">{who}</span> <span className="text-muted">{did}</span>
        </p>
        {details.map((detail) => (
          <p key={detail} className="text-xs wrap-anywhere text-muted">
            {detail}
          </p>
        ))}
      </div>
      <div className="text-right text-xs text-faint max-sm:text-left">
        <div className="text-muted">
          <RelativeTime at={entry.created_at} />
          {request !== null && (
            <>
              {' · '}
              <Link
                to="/settings/advanced/logs"
                search={{ request }}
                className="rounded-sm text-accent hover:underline"
              >
                Log<span className="sr-only"> of this request</span>
              </Link>
            </>
          )}
        </div>
        {ip !== null && (
          <div title={userAgent ?? undefined}>
            {userAgent !== null && `${agentName(userAgent)} · `}
            <span className="font-mono">{ip}</span>
          </div>
        )}
      </div>
    </li>
  )
}
