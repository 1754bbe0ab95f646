/** The dialog behind `useProof`: the password, or a passkey. */
import { KeyRound } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field, PasswordInput } from '../ui/field.tsx'
import { api } from './api.ts'
import { useMe } from './session.ts'

interface ProofDialogProps {
  onProved: () => void
  onDeclined: () => void
}

/** What browsers report when the person closes their dialog. */
const isDismissed = (error: unknown) =>
  error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name)

export function ProofDialog({ onProved, onDeclined }: ProofDialogProps) {
  const formId = useId()
  const { user } = useMe()
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState<'password' | 'passkey' | null>(null)
  const [error, setError] = useState<unknown>(null)

  const prove = async (by: 'password' | 'passkey', call: () => Promise<unknown>) => {
    setBusy(by)
    setError(null)
    try {
      await call()
      onProved()
    } catch (problem) {
      if (!isDismissed(problem)) setError(problem)
      setBusy(null)
    }
  }
  const byPasskey = async () => {
    const { startAuthentication } = await import('@simplewebauthn/browser')
    const options = await api.me.provePasskeyOptions()
    // The options are those of WebAuthn, in JSON; the SDK passes them through.
    const optionsJSON = options as unknown as Parameters<typeof startAuthentication>[0]['optionsJSON']
    const passkey = await startAuthentication({ optionsJSON })
    await api.me.prove({ passkey } as unknown as Parameters<typeof api.me.prove>[0])
  }

  return (
    <Dialog
      isOpen
      onClose={onDeclined}
      size="sm"
      title="Confirm it’s you"
      description="What you are about to do touches secrets. For the next 15 minutes you won’t be asked again."
      footer={
        <>
          <Button
            icon={<KeyRound size={14} aria-hidden />}
            isBusy={busy === 'passkey'}
            disabled={busy !== null}
            onClick={() => void prove('passkey', byPasskey)}
            className="mr-auto"
          >
            Use a passkey
          </Button>
          <Button onClick={onDeclined}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isBusy={busy === 'password'}
            disabled={password === ''}
          >
            Confirm
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void prove('password', () => api.me.prove({ password }))
        }}
      >
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <Field label={`Password of ${user.email}`}>
          <PasswordInput
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        {error !== null && <ErrorNotice error={error} />}
      </form>
    </Dialog>
  )
}
