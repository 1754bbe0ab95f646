/** Least privilege by evidence: which permissions a key has used, which it could lose, and one click to lose them. */
import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { count, number } from '../../../lib/format.ts'
import { can, useMe } from '../../../lib/session.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/dialog.tsx'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { TableSkeleton } from '../../../ui/skeleton.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../../ui/table.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { toast } from '../../../ui/toast.ts'
import { useKeyActions } from '../actions.ts'
import { isSame } from '../permissions/levels.ts'
import { permissionInWords, permissionsAsList, permissionsInWords } from '../permissions/words.ts'
import { type ApiKey, permissionsQuery, suggestionQuery } from '../queries.ts'

const verdicts: Readonly<Record<'keep' | 'narrow_to_read' | 'remove', { label: string; tone: Tone }>> = {
  keep: { label: 'Needed', tone: 'success' },
  narrow_to_read: { label: 'Read is enough', tone: 'warning' },
  remove: { label: 'Not used', tone: 'warning' },
}

export function SuggestionsSection({ apiKey }: { apiKey: ApiKey }) {
  const me = useMe()
  const [isApplying, setIsApplying] = useState(false)
  const query = useQuery(suggestionQuery(apiKey.id))
  const suggestion = query.data
  const isBetter =
    suggestion !== undefined &&
    suggestion.suggested.length > 0 &&
    !isSame(suggestion.suggested, apiKey.permissions)
  return (
    <Section
      title="Suggested permissions"
      description="The fewest that cover every call that was accepted in the last 30 days."
      actions={
        isBetter &&
        can(me, 'api_keys:write') && <Button onClick={() => setIsApplying(true)}>Apply suggestion</Button>
      }
    >
      {query.isPending && <TableSkeleton columns={3} rows={3} />}
      {query.error !== null && suggestion === undefined && (
        <ErrorNotice error={query.error} onRetry={() => query.refetch()} />
      )}
      {suggestion !== undefined &&
        (suggestion.suggested.length === 0 ? (
          <p className="rounded-lg border border-dashed px-3 py-5 text-center text-sm text-faint">
            {suggestion.requests === 0
              ? 'Nothing to go by yet: this key made no calls in the last 30 days.'
              : `${count(suggestion.requests, 'call')}, none of which needs a permission.`}
          </p>
        ) : isBetter ? (
          <Evidence permissions={suggestion.permissions} />
        ) : (
          <p className="flex items-center gap-2 rounded-lg border bg-surface px-3 py-3 text-sm">
            <CircleCheck size={16} className="shrink-0 text-success" aria-hidden />
            It holds exactly what its {count(suggestion.requests, 'call')} needed.
          </p>
        ))}
      {isApplying && suggestion !== undefined && (
        <ApplyDialog apiKey={apiKey} suggested={suggestion.suggested} onClose={() => setIsApplying(false)} />
      )}
    </Section>
  )
}

interface Evident {
  permission: string
  verdict: 'keep' | 'narrow_to_read' | 'remove'
  would_have_refused: readonly { endpoint: string; requests: number; last_seen: string }[]
}

/** What was used, each with its calls; what wasn't, in one line. */
function Evidence({ permissions }: { permissions: readonly Evident[] }) {
  const used = permissions.filter(({ verdict }) => verdict !== 'remove')
  const unused = permissions.filter(({ verdict }) => verdict === 'remove')
  return (
    <Table label="Permissions and what they were used for">
      <THead>
        <Th>May</Th>
        <Th>Verdict</Th>
        <Th>Without it, refused would have been</Th>
      </THead>
      <TBody>
        {used.map(({ permission, verdict, would_have_refused: calls }) => (
          <EvidenceRow key={permission} may={permissionInWords(permission)} verdict={verdict}>
            <ul className="min-w-0">
              {calls.map((call) => (
                <li key={call.endpoint} className="text-xs text-muted">
                  <code className="font-mono wrap-anywhere text-text">{call.endpoint}</code>{' '}
                  <span className="whitespace-nowrap">
                    {number(call.requests)}×, last <RelativeTime at={call.last_seen} />
                  </span>
                </li>
              ))}
            </ul>
          </EvidenceRow>
        ))}
        {unused.length > 0 && (
          <EvidenceRow may={permissionsAsList(unused.map(({ permission }) => permission))} verdict="remove">
            <span className="text-faint">Nothing</span>
          </EvidenceRow>
        )}
      </TBody>
    </Table>
  )
}

function EvidenceRow({
  may,
  verdict,
  children,
}: {
  may: string
  verdict: Evident['verdict']
  children: ReactNode
}) {
  const { label, tone } = verdicts[verdict]
  return (
    <Tr>
      <Td className="sm:max-w-72 align-top">{may.charAt(0).toUpperCase() + may.slice(1)}</Td>
      <Td label="Verdict" className="align-top">
        <Badge tone={tone}>{label}</Badge>
      </Td>
      <Td label="Refuses" className="align-top">
        {children}
      </Td>
    </Tr>
  )
}

interface ApplyDialogProps {
  apiKey: ApiKey
  suggested: string[]
  onClose: () => void
}

function ApplyDialog({ apiKey, suggested, onClose }: ApplyDialogProps) {
  const actions = useKeyActions()
  const resources = useQuery(permissionsQuery).data?.resources.map(({ resource }) => resource) ?? []
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Restrict this key?"
      confirmLabel="Restrict"
      onConfirm={async () => {
        await actions.update(apiKey.id, { permissions: suggested })
        toast.success('Restricted', 'It may do what it did, and no more.')
      }}
    >
      <dl className="flex flex-col gap-2">
        <div>
          <dt className="text-xs text-faint">Now</dt>
          <dd className="text-text">{permissionsInWords(apiKey.permissions, resources).text}</dd>
        </div>
        <div>
          <dt className="text-xs text-faint">Then</dt>
          <dd className="text-text">{permissionsInWords(suggested, resources).text}</dd>
        </div>
      </dl>
      <p>
        A job that runs less often than once in 30 days has left no trace here. If something is refused later,
        its error names the missing permission, and Edit gives it back.
      </p>
    </ConfirmDialog>
  )
}
