/** Keys in rows: what each may do, who made it, when it was last used, in which state it is. */
import { useQuery } from '@tanstack/react-query'
import { can, useMe } from '../../../lib/session.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../../ui/table.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { toast } from '../../../ui/toast.ts'
import { creatorInWords } from '../creator.ts'
import { useKeyDialogs } from '../dialogs/key-dialogs.tsx'
import { stepWords } from '../dialogs/step-words.tsx'
import { permissionsInWords } from '../permissions/words.ts'
import { type ApiKey, permissionsQuery } from '../queries.ts'
import { attentionsInWords, type Step, statusInWords, stepsOf } from '../status.ts'

export function KeysTable({ keys }: { keys: readonly ApiKey[] }) {
  const me = useMe()
  const mayWrite = can(me, 'api_keys:write')
  const { openDialog, dialogs } = useKeyDialogs()
  const resources = useQuery(permissionsQuery).data?.resources.map(({ resource }) => resource)
  return (
    <>
      <Table label="API keys">
        <THead>
          <Th>Name</Th>
          <Th>Permissions</Th>
          <Th>Created by</Th>
          <Th>Last used</Th>
          <Th>Status</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </THead>
        <TBody>
          {keys.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              resources={resources}
              myUserId={me.user.id}
              onStep={mayWrite ? (step) => openDialog(step, key) : undefined}
            />
          ))}
        </TBody>
      </Table>
      {dialogs}
    </>
  )
}

interface KeyRowProps {
  apiKey: ApiKey
  /** Undefined while it isn't known: the words wait for it. */
  resources: readonly string[] | undefined
  myUserId: string
  onStep: ((step: Step) => void) | undefined
}

function KeyRow({ apiKey, resources, myUserId, onStep }: KeyRowProps) {
  const permissions = resources === undefined ? '' : permissionsInWords(apiKey.permissions, resources).text
  return (
    <Tr to="/settings/advanced/api-keys/$id" params={{ id: apiKey.id }}>
      <Td isLink className="sm:max-w-64">
        <span className="block truncate" title={apiKey.name}>
          {apiKey.name}
        </span>
        <span className="block truncate font-mono text-xs font-normal text-faint">{apiKey.hint}</span>
      </Td>
      <Td label="May" className="sm:max-w-56 text-muted">
        <span className="line-clamp-2" title={permissions}>
          {permissions}
        </span>
      </Td>
      <Td label="Created by" className="sm:max-w-40">
        <span className="min-w-0">
          <span className="block truncate text-muted">{creatorInWords(apiKey.created_by, myUserId)}</span>
          <span className="block truncate text-xs text-faint">
            <RelativeTime at={apiKey.created_at} />
            {apiKey.owner.type === 'person' && `, for ${apiKey.owner.name ?? apiKey.owner.email}`}
          </span>
        </span>
      </Td>
      <Td label="Last used">
        <RelativeTime at={apiKey.last_used_at} />
      </Td>
      <Td label="Status">
        <KeyStatus apiKey={apiKey} />
      </Td>
      <Td isAbove className="w-10 text-right max-sm:absolute max-sm:top-1 max-sm:right-1 max-sm:z-10">
        <RowMenu apiKey={apiKey} onStep={onStep} />
      </Td>
    </Tr>
  )
}

/** The state, and what somebody should look at. That it never expires is said on its page only. */
function KeyStatus({ apiKey }: { apiKey: ApiKey }) {
  const { label, tone, reason } = statusInWords(apiKey)
  const urgent = attentionsInWords(apiKey.attention).filter(({ tone: noteTone }) => noteTone !== 'neutral')
  const endsAt = apiKey.rotation?.old_secret_ends_at ?? null
  return (
    <div className="flex min-w-0 flex-col items-start gap-0.5">
      <span className="flex flex-wrap gap-1">
        <Badge tone={tone}>{label}</Badge>
        {urgent.map((note) => (
          <span key={note.name} title={note.title}>
            <Badge tone={note.tone}>{note.label}</Badge>
          </span>
        ))}
      </span>
      {apiKey.status === 'rotating' && endsAt !== null ? (
        <span className="text-xs text-faint">
          old one ends <RelativeTime at={endsAt} />
        </span>
      ) : apiKey.status === 'revoked' ? (
        <span className="text-xs text-faint">
          <RelativeTime at={apiKey.revoked_at} />
        </span>
      ) : apiKey.status === 'quarantined' && reason !== null ? (
        <span className="line-clamp-1 text-xs text-faint" title={reason}>
          {reason}
        </span>
      ) : (
        apiKey.expires_at !== null && (
          <span className="text-xs text-faint">
            {apiKey.status === 'expired' ? 'ended' : 'expires'} <RelativeTime at={apiKey.expires_at} />
          </span>
        )
      )}
    </div>
  )
}

function RowMenu({ apiKey, onStep }: { apiKey: ApiKey; onStep: KeyRowProps['onStep'] }) {
  const steps = onStep === undefined ? [] : stepsOf(apiKey, apiKey.attention)
  const gentle = steps.filter((step) => step !== 'revoke')
  return (
    <Menu
      label={`Actions for ${apiKey.name}`}
      items={[
        {
          label: 'Copy id',
          onSelect: () =>
            void navigator.clipboard.writeText(apiKey.id).then(
              () => toast.success('Id copied'),
              () => toast.error('The browser doesn’t let this page copy.'),
            ),
        },
        ...gentle.map((step) => ({ ...item(step), onSelect: () => onStep?.(step) })),
        ...(steps.includes('revoke')
          ? [null, { ...item('revoke'), tone: 'danger' as const, onSelect: () => onStep?.('revoke') }]
          : []),
      ]}
    />
  )
}

function item(step: Step) {
  const { label, icon } = stepWords[step]
  return { label: `${label}…`, icon }
}
