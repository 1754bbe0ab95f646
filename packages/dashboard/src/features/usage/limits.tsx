/** What a plan allows, and whether it was too little. */
import { Link } from '@tanstack/react-router'
import { count, number } from '../../lib/format.ts'
import { useMe } from '../../lib/session.ts'
import { Card, Section } from '../../ui/page.tsx'
import { planLimit } from './usage-search.ts'

export function Limits({ rateLimited, keyId }: { rateLimited: number; keyId: string | undefined }) {
  const { workspace } = useMe()
  const limit = workspace === null ? undefined : planLimit(workspace.plan)
  return (
    <Section title="Limits">
      <Card className="flex flex-col gap-1 text-sm text-muted">
        <p>
          {workspace !== null && (
            <>
              Your plan is <strong className="font-medium text-text">{workspace.plan}</strong>:{' '}
            </>
          )}
          {limit === undefined
            ? 'each key has a limit of requests a minute, which each answer names.'
            : `each key may make ${number(limit)} requests in any minute, unless its own limit is lower.`}{' '}
          A request that is refused costs nothing.
        </p>
        {rateLimited === 0 ? (
          <p>No request was over a limit in this time.</p>
        ) : (
          <p>
            {count(rateLimited, 'request')} in this time {rateLimited === 1 ? 'was' : 'were'} over a limit:{' '}
            <Link
              to="/settings/advanced/logs"
              search={{ status: '429', ...(keyId !== undefined && { api_key_id: keyId }) }}
              className="text-accent underline underline-offset-2"
            >
              see which
            </Link>
            . Wait for as long as <code className="font-mono text-xs">Retry-After</code> says before the next
            try.
          </p>
        )}
      </Card>
    </Section>
  )
}
