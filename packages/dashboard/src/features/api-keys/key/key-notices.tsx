/** What somebody should know about a key before anything else: its end, its quarantine, its leaks. */
import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { Receipt } from '../dialogs/receipt.tsx'
import { stepWords } from '../dialogs/step-words.tsx'
import type { ApiKey } from '../queries.ts'
import { attentionsInWords, quarantineReason, type Step } from '../status.ts'

interface KeyNoticesProps {
  apiKey: ApiKey
  /** What may be done now. */
  steps: readonly Step[]
  onStep: (step: Step) => void
}

export function KeyNotices({ apiKey, steps, onStep }: KeyNoticesProps) {
  const act = (step: Step) =>
    steps.includes(step) && (
      <Button size="sm" icon={stepWords[step].icon} onClick={() => onStep(step)}>
        {stepWords[step].label}
      </Button>
    )
  // That it never expires stands among its facts.
  const notes = attentionsInWords(apiKey.attention).filter(({ name }) => name !== 'never_expires')
  if (apiKey.status === 'revoked') return <RevokedNotice apiKey={apiKey} />
  if (apiKey.status === 'expired') {
    return (
      <Notice tone="neutral" title="This key has expired" action={act('edit')}>
        It ended <RelativeTime at={apiKey.expires_at} />, and is refused. Give it a later date to let it work
        again.
      </Notice>
    )
  }
  if (apiKey.quarantine === null && notes.length === 0) return null
  return (
    <div className="flex flex-col gap-2">
      {apiKey.quarantine !== null && (
        <QuarantineNotice quarantine={apiKey.quarantine} action={act('release')} />
      )}
      {notes.map((note) => (
        <Notice key={note.name} tone={note.tone} title={note.title} action={act(stepFor[note.name])}>
          {note.advice}
          {note.name === 'leaked' && apiKey.leak?.url != null && (
            <p className="wrap-anywhere">Found at {apiKey.leak.url}, as reported.</p>
          )}
          {note.name === 'used_in_browser' && apiKey.browser !== null && (
            <p className="wrap-anywhere">
              The page: {apiKey.browser.origin}, <RelativeTime at={apiKey.browser.refused_at} />.
            </p>
          )}
        </Notice>
      ))}
    </div>
  )
}

/** What mends each. */
const stepFor: Readonly<Record<ReturnType<typeof attentionsInWords>[number]['name'], Step>> = {
  leaked: 'rotate',
  used_in_browser: 'rotate',
  owner_left: 'edit',
  unused: 'revoke',
  never_expires: 'edit',
}

function QuarantineNotice({
  quarantine,
  action,
}: {
  quarantine: NonNullable<ApiKey['quarantine']>
  action: ReactNode
}) {
  const { reason, addresses, since } = quarantine
  return (
    <Notice tone="warning" title={`In quarantine: ${quarantineReason(reason)}`} action={action}>
      Put there <RelativeTime at={since} />. It may only read, and{' '}
      {addresses.length === 0 ? (
        'from nowhere: it had not been used in the 30 days before.'
      ) : (
        <>
          only from <span className="font-mono text-xs">{addresses.slice(0, 6).join(', ')}</span>
          {addresses.length > 6 && ` and ${addresses.length - 6} more`}.
        </>
      )}
    </Notice>
  )
}

function RevokedNotice({ apiKey }: { apiKey: ApiKey }) {
  return (
    <section aria-labelledby="receipt" className="rounded-lg border border-line-strong bg-surface p-4">
      <h2 id="receipt" className="mb-3 font-semibold">
        Revocation receipt
      </h2>
      <Receipt apiKey={apiKey} />
    </section>
  )
}
