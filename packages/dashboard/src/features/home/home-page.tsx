/** Home: who needs a person now, and how the last days went. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { can, useMe } from '../../lib/session.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useLiveConversations } from '../conversations/live.ts'
import { Figures, FiguresShape } from './figures.tsx'
import { overviewQuery } from './queries.ts'
import { Waiting } from './waiting.tsx'

const route = getRouteApi('/_shell/')

const ranges = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
] as const

export function HomePage() {
  const me = useMe()
  return (
    <Page title="Home" description={`What goes on in ${me.workspace?.name ?? 'your workspace'}.`}>
      {can(me, 'conversations:read') ? (
        <Overview />
      ) : (
        <EmptyState icon={<Lock size={24} />} title="Conversations are not yours to see">
          Your role does not include them. An owner or admin can change that under Settings, Members.
        </EmptyState>
      )}
    </Page>
  )
}

function Overview() {
  const { days = 7 } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(overviewQuery(days))
  useLiveConversations()
  return (
    <>
      <Waiting total={query.data?.needs_person} />
      <Section
        title="How it went"
        actions={
          <Segmented
            label="Range"
            value={days === 30 ? '30' : '7'}
            onChange={(value) => void navigate({ search: value === '30' ? { days: 30 } : {}, replace: true })}
            options={ranges}
          />
        }
      >
        {query.data !== undefined ? (
          <Figures overview={query.data} isStale={query.isPlaceholderData} />
        ) : query.isError ? (
          <ErrorNotice error={query.error} onRetry={query.refetch} />
        ) : (
          <FiguresShape />
        )}
      </Section>
    </>
  )
}
