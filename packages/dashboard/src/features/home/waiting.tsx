/** The conversations that a person should look at now. */
import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { count } from '../../lib/format.ts'
import { LinkButton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { ConversationTable } from '../conversations/conversation-table.tsx'
import { waitingQuery } from './queries.ts'

export function Waiting({ total }: { total: number | undefined }) {
  const query = useQuery(waitingQuery)
  const waiting = query.data
  const hidden = total === undefined || waiting === undefined ? 0 : total - waiting.length
  return (
    <Section
      title="Needs a person now"
      actions={
        hidden > 0 && (
          <LinkButton size="sm" to="/conversations" search={{ status: 'open', handled_by: 'human' }}>
            {count(hidden, 'more')}
          </LinkButton>
        )
      }
    >
      {query.isLoadingError && <ErrorNotice error={query.error} onRetry={query.refetch} />}
      {query.isPending && <TableSkeleton columns={5} rows={2} />}
      {waiting?.length === 0 && (
        <p className="flex items-center gap-2.5 rounded-lg border bg-surface px-4 py-3 text-sm text-muted">
          <CircleCheck size={16} className="shrink-0 text-success" aria-hidden />
          Nobody waits for a person. Clara hands over what she can’t answer, and it appears here.
        </p>
      )}
      {waiting !== undefined && waiting.length > 0 && (
        <ConversationTable conversations={waiting} label="Conversations that need a person" />
      )}
    </Section>
  )
}
