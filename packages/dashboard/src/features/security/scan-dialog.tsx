/** The secret goes into an authenticator app, and a code comes back. */
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { auth } from '../sign-in/auth.ts'
import { secretOf } from './totp-secret.ts'

const QrCode = lazy(async () => ({ default: (await import('./qr-code.tsx')).QrCode }))

interface ScanDialogProps {
  readonly totpUri: string
  readonly onClose: () => void
  readonly onVerified: () => void
}

export function ScanDialog({ totpUri, onClose, onVerified }: ScanDialogProps) {
  const formId = useId()
  const [code, setCode] = useState('')
  const secret = secretOf(totpUri)
  const verify = useMutation({
    mutationFn: () => auth.verifyTotp(code.replace(/\s/g, '')),
    onSuccess: onVerified,
    onError: () => setCode(''),
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Add AgentClara to your app"
      description="Scan the code with your authenticator app, or type the key in."
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={verify.isPending}>
            Turn on
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Suspense fallback={<Skeleton className="mx-auto size-48" />}>
          <QrCode text={totpUri} label="QR code for your authenticator app" />
        </Suspense>
        <div className="flex items-center gap-2 rounded-md border bg-sunken py-1 pr-1 pl-3">
          <code className="min-w-0 flex-1 font-mono text-xs wrap-anywhere">{secret}</code>
          <CopyButton text={secret.replaceAll(' ', '')} label="Copy key" />
        </div>
        <form
          id={formId}
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            verify.mutate()
          }}
        >
          <Field label="Code" hint="The six digits that the app shows now.">
            <TextInput
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              autoFocus
              maxLength={10}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </Field>
          {verify.error !== null && <ErrorNotice error={verify.error} />}
        </form>
      </div>
    </Dialog>
  )
}
