/** What is known of a key at a glance. */
import { useQuery } from '@tanstack/react-query'
import { number } from '../../../lib/format.ts'
import { useMe } from '../../../lib/session.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Facts } from '../../../ui/page.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { creatorInWords } from '../creator.ts'
import { withoutFullPrefix } from '../limits/draft.ts'
import { planLimitOf } from '../limits/plan.ts'
import { permissionsInWords } from '../permissions/words.ts'
import { type ApiKey, permissionsQuery } from '../queries.ts'

interface KeyFactsProps {
  apiKey: ApiKey
  /** Undefined: it can't be changed, or not by who is looking. */
  onEdit: (() => void) | undefined
}

export function KeyFacts({ apiKey, onEdit }: KeyFactsProps) {
  const me = useMe()
  const resources = useQuery(permissionsQuery).data?.resources.map(({ resource }) => resource) ?? []
  const { owner } = apiKey
  return (
    <Facts
      items={[
        { label: 'Secret', value: <code className="font-mono text-xs">{apiKey.hint}</code> },
        {
          label: 'Id',
          value: (
            <span className="flex items-center gap-1">
              <code className="truncate font-mono text-xs">{apiKey.id}</code>
              <CopyButton text={apiKey.id} label="Copy id" isQuiet />
            </span>
          ),
        },
        { label: 'Permissions', value: permissionsInWords(apiKey.permissions, resources).text },
        { label: 'Last used', value: <RelativeTime at={apiKey.last_used_at} /> },
        {
          label: apiKey.status === 'expired' ? 'Expired' : 'Expires',
          value: (
            <span className="flex flex-wrap items-center gap-2">
              <RelativeTime at={apiKey.expires_at} empty="Never" />
              {apiKey.expires_at === null && onEdit !== undefined && (
                <button
                  type="button"
                  onClick={onEdit}
                  className="rounded-sm text-xs text-accent hover:underline"
                >
                  Set a date
                </button>
              )}
            </span>
          ),
        },
        {
          label: 'May be used from',
          value:
            apiKey.ip_allowlist.length === 0 ? (
              'Anywhere'
            ) : (
              <span className="font-mono text-xs">
                {apiKey.ip_allowlist.map(withoutFullPrefix).join(', ')}
              </span>
            ),
        },
        {
          label: 'Rate limit',
          value:
            apiKey.rate_limit_per_minute === null
              ? `${number(planLimitOf(me.workspace?.plan))} a minute, the plan’s`
              : `${number(apiKey.rate_limit_per_minute)} a minute`,
        },
        {
          label: 'Belongs to',
          value: owner.type === 'app' ? (owner.name ?? 'An app') : (owner.name ?? owner.email ?? 'A person'),
        },
        {
          label: 'Created',
          value: (
            <>
              <RelativeTime at={apiKey.created_at} /> by{' '}
              {creatorInWords(apiKey.created_by, me.user.id).replace(/^You$/, 'you')}
            </>
          ),
        },
      ]}
    />
  )
}
