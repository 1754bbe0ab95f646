/** Asks for the password before something about the second factor is done with it. */
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, PasswordInput } from '../../ui/field.tsx'

interface PasswordDialogProps {
  readonly title: string
  readonly description: ReactNode
  readonly confirmLabel: string
  readonly tone?: 'primary' | 'danger'
  readonly onClose: () => void
  readonly onPassword: (password: string) => Promise<void>
}

export function PasswordDialog({
  title,
  description,
  confirmLabel,
  tone = 'primary',
  onClose,
  onPassword,
}: PasswordDialogProps) {
  const formId = useId()
  const [password, setPassword] = useState('')
  const confirm = useMutation({ mutationFn: () => onPassword(password) })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant={tone} isBusy={confirm.isPending}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          confirm.mutate()
        }}
      >
        <Field label="Your password">
          <PasswordInput
            name="password"
            autoComplete="current-password"
            required
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        {confirm.error !== null && <ErrorNotice error={confirm.error} />}
      </form>
    </Dialog>
  )
}
