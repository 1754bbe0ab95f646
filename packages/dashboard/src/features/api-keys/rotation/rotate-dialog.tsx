/** A new secret for a key: how long both work, then the new one, once. */
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { exactTime } from '../../../lib/format.ts'
import { ProofDeclined } from '../../../lib/proof.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useKeyActions } from '../actions.ts'
import { SecretDialog } from '../create/secret-dialog.tsx'
import type { ApiKey } from '../queries.ts'
import { DEFAULT_OVERLAP_SECONDS, overlaps } from './rotation.ts'

export function RotateDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const actions = useKeyActions()
  const navigate = useNavigate()
  const formId = useId()
  const isLeaked = apiKey.leak !== null || apiKey.browser !== null
  const [seconds, setSeconds] = useState(isLeaked ? 0 : DEFAULT_OVERLAP_SECONDS)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [made, setMade] = useState<{ secret: string; oldEndsAt: string | null }>()

  if (made !== undefined) {
    return (
      <SecretDialog
        title={`The new secret of “${apiKey.name}”`}
        secret={made.secret}
        keyId={apiKey.id}
        isFirst={false}
        onDone={() => {
          onClose()
          void navigate({ to: '/settings/advanced/api-keys/$id', params: { id: apiKey.id } })
        }}
      >
        <Notice tone="accent">
          {made.oldEndsAt === null
            ? 'The old secret is refused already.'
            : `The old secret works until ${exactTime(new Date(made.oldEndsAt))}. The key’s page shows who still uses it.`}
        </Notice>
      </SecretDialog>
    )
  }
  const rotate = async () => {
    setIsBusy(true)
    setError(null)
    try {
      const key = await actions.rotate(apiKey.id, seconds)
      setMade({ secret: key.secret, oldEndsAt: key.rotation?.old_secret_ends_at ?? null })
    } catch (problem) {
      if (!(problem instanceof ProofDeclined)) setError(problem)
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Rotate “${apiKey.name}”`}
      description="The key keeps its id, name, permissions and history, and gets a second secret. Both work while you deploy the new one; then the old one ends."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
            Make a new secret
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void rotate()
        }}
      >
        <OverlapField seconds={seconds} onChange={setSeconds} />
        <p className="text-xs text-faint">
          You don’t have to guess right: meanwhile the key’s page says who still uses the old secret, and you
          can end it early or go back.
        </p>
        {error !== null && <ErrorNotice error={error} />}
      </form>
    </Dialog>
  )
}

function OverlapField({ seconds, onChange }: { seconds: number; onChange: (seconds: number) => void }) {
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">Both secrets work for</legend>
      <div className="divide-y rounded-lg border bg-surface">
        {overlaps.map((overlap) => (
          <label key={overlap.seconds} className="flex items-start gap-2.5 px-3 py-2 hover:bg-hover">
            <input
              type="radio"
              name={name}
              checked={overlap.seconds === seconds}
              onChange={() => onChange(overlap.seconds)}
              className="mt-1 accent-(--background-color-accent)"
            />
            <span className="min-w-0 text-sm">
              <span className="font-medium">{overlap.label}</span>
              <span className="block text-xs text-muted">{overlap.explanation}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
