/** What each role may do, in a sentence each. */
import { useQuery } from '@tanstack/react-query'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { rolesQuery } from './queries.ts'

export function RolesExplained() {
  const roles = useQuery(rolesQuery)
  return (
    <Section title="What roles may do">
      {roles.isPending && <Skeleton className="h-40 w-full" />}
      {roles.error !== null && <ErrorNotice error={roles.error} onRetry={() => roles.refetch()} />}
      {roles.data !== undefined && (
        <dl className="divide-y divide-line rounded-lg border border-line bg-surface text-sm">
          {roles.data.map(({ name, title, description }) => (
            <div key={name} className="grid gap-x-4 px-4 py-2.5 sm:grid-cols-[7rem_1fr]">
              <dt className="font-medium">{title}</dt>
              <dd className="text-muted">{description}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  )
}
