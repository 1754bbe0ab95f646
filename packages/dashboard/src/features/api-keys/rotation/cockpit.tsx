/** The rotation cockpit: both secrets side by side with who uses them, what is missing before the old one can end, and the two ways out. */
import { useQuery } from '@tanstack/react-query'
import { Circle, CircleCheck } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { can, useMe } from '../../../lib/session.ts'
import { Button } from '../../../ui/button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { type ApiKey, type ApiKeyUsage, keyUsageQuery } from '../queries.ts'
import { ClientList } from '../usage/client-list.tsx'
import { clientsOf } from '../usage/clients.ts'
import { Countdown } from './clock.tsx'
import { CancelRotationDialog, FinishRotationDialog } from './end-dialogs.tsx'
import { type Check, checksOf } from './rotation.ts'

export function Cockpit({ apiKey }: { apiKey: ApiKey }) {
  const me = useMe()
  const [ending, setEnding] = useState<'finish' | 'cancel'>()
  const usage = useQuery(keyUsageQuery(apiKey.id, '24h'))
  const rotation = usage.data?.rotation ?? null
  if (usage.error !== null && usage.data === undefined) {
    return <ErrorNotice error={usage.error} onRetry={() => usage.refetch()} />
  }
  if (usage.data === undefined || rotation === null) {
    return usage.isPending ? <Skeleton className="h-72 w-full" /> : null
  }
  const isSafe = rotation.is_safe_to_finish
  return (
    <section
      aria-labelledby="rotation"
      className="overflow-hidden rounded-lg border border-line-strong bg-surface"
    >
      <header
        className={classNames(
          'flex flex-wrap items-center justify-between gap-3 border-b px-4 py-3',
          isSafe ? 'bg-success-soft' : 'bg-accent-soft',
        )}
      >
        <div className="flex min-w-0 items-start gap-3">
          <Light isSafe={isSafe} />
          <div className="min-w-0">
            <h2 id="rotation" className="font-semibold">
              {isSafe ? 'Safe to end the old secret' : 'Rotating: two secrets work'}
            </h2>
            <p className="text-sm text-muted" role="status">
              {rotation.message}
            </p>
          </div>
        </div>
        {can(me, 'api_keys:write') && (
          <div className="flex flex-wrap gap-2">
            <Button variant="ghost" onClick={() => setEnding('cancel')}>
              Cancel rotation
            </Button>
            <Button variant={isSafe ? 'primary' : 'secondary'} onClick={() => setEnding('finish')}>
              Finish now
            </Button>
          </div>
        )}
      </header>
      <div className="grid divide-y sm:grid-cols-2 sm:divide-x sm:divide-y-0">
        <OldSecret apiKey={apiKey} rotation={rotation} />
        <NewSecret usage={usage.data} />
      </div>
      <ul className="flex flex-col gap-2 border-t bg-sunken px-4 py-3" aria-label="What makes it safe">
        {checksOf(rotation, isNewUsed(usage.data)).map((check) => (
          <CheckLine key={check.text} check={check} />
        ))}
      </ul>
      {ending === 'finish' && (
        <FinishRotationDialog apiKey={apiKey} rotation={rotation} onClose={() => setEnding(undefined)} />
      )}
      {ending === 'cancel' && (
        <CancelRotationDialog apiKey={apiKey} usage={usage.data} onClose={() => setEnding(undefined)} />
      )}
    </section>
  )
}

type Rotation = NonNullable<ApiKeyUsage['rotation']>

function OldSecret({ apiKey, rotation }: { apiKey: ApiKey; rotation: Rotation }) {
  const stragglers = rotation.still_on_old_secret.map(({ ip, user_agent, endpoints, last_seen }) => ({
    ip,
    userAgent: user_agent,
    lastSeen: last_seen,
    endpoints: endpoints.map((endpoint) => ({ endpoint, requests: 0, refused: 0, lastSeen: last_seen })),
  }))
  return (
    <div className="flex min-w-0 flex-col gap-2 p-4">
      <SecretHead label="Old secret" hint={apiKey.rotation?.old_hint ?? ''}>
        ends by itself in <Countdown to={rotation.old_secret_ends_at} />
      </SecretHead>
      {stragglers.length === 0 ? (
        <Nobody>Nobody is known to be left on it.</Nobody>
      ) : (
        <ClientList clients={stragglers} label="Still on the old secret" isLive />
      )}
    </div>
  )
}

function NewSecret({ usage }: { usage: ApiKeyUsage }) {
  const [current] = usage.secrets
  const clients = clientsOf(current?.clients ?? [])
  return (
    <div className="flex min-w-0 flex-col gap-2 p-4">
      <SecretHead label="New secret" hint={current?.hint ?? ''}>
        {clients.length === 0
          ? 'not used yet'
          : clients.length === 1
            ? '1 client'
            : `${clients.length} clients`}
      </SecretHead>
      {clients.length === 0 ? (
        <Nobody>Deploy it: who uses it appears here within a second.</Nobody>
      ) : (
        <ClientList clients={clients} label="On the new secret" isLive />
      )}
    </div>
  )
}

function isNewUsed({ secrets }: ApiKeyUsage): boolean {
  return secrets[0]?.clients.some(({ last_used }) => last_used !== null) === true
}

function SecretHead({ label, hint, children }: { label: string; hint: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-3">
      <h3 className="text-sm font-medium">
        {label} <code className="ml-1 font-mono text-xs font-normal text-muted">{hint}</code>
      </h3>
      <span className="text-xs text-muted tabular">{children}</span>
    </div>
  )
}

function Nobody({ children }: { children: ReactNode }) {
  return (
    <p className="flex flex-1 items-center justify-center rounded-lg border border-dashed px-3 py-5 text-center text-sm text-faint">
      {children}
    </p>
  )
}

/** Green when it is safe. The words beside it say the same. */
function Light({ isSafe }: { isSafe: boolean }) {
  return (
    <span
      className={classNames(
        'mt-1.5 size-2.5 shrink-0 rounded-full',
        isSafe ? 'bg-success' : 'animate-pulse-slow bg-warning',
      )}
      aria-hidden
    />
  )
}

function CheckLine({ check: { isMet, text, progress } }: { check: Check }) {
  return (
    <li className="flex items-center gap-2 text-sm">
      {isMet ? (
        <CircleCheck size={15} className="shrink-0 text-success" aria-hidden />
      ) : (
        <Circle size={15} className="shrink-0 text-faint" aria-hidden />
      )}
      <span className={isMet ? 'text-text' : 'text-muted'}>
        {text}
        <span className="sr-only">{isMet ? ' (met)' : ' (not yet)'}</span>
      </span>
      {!isMet && progress !== undefined && (
        <progress
          value={progress}
          max={1}
          aria-label="How long it has been quiet"
          className="ml-auto h-1 w-24 shrink-0 overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-selected [&::-webkit-progress-value]:bg-accent"
        />
      )}
    </li>
  )
}
