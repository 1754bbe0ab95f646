/** Dialogs: one question or one form, over the page. Escape and the backdrop close them; focus returns to where it was. */
import { lazy, type ReactNode, Suspense, useId, useRef, useState } from 'react'
import { describeError } from '../lib/errors.ts'
import { Button } from './button.tsx'
import { Field, TextInput } from './field.tsx'
import { Notice } from './notice.tsx'

export interface DialogProps {
  isOpen: boolean
  /** Asked for by Escape, the backdrop or the cross. Whoever holds the state may say no. */
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  footer?: ReactNode
  size?: 'sm' | 'md' | 'lg'
}

const OpenableDialog = lazy(async () => ({ default: (await import('./dialog-popup.tsx')).OpenableDialog }))

export function Dialog(props: DialogProps) {
  // Once it was open it stays, so that closing is seen.
  const [wasOpen, setWasOpen] = useState(props.isOpen)
  if (props.isOpen && !wasOpen) setWasOpen(true)
  return wasOpen ? (
    <Suspense>
      <OpenableDialog {...props} />
    </Suspense>
  ) : null
}

interface ConfirmDialogProps {
  isOpen: boolean
  onClose: () => void
  title: ReactNode
  children?: ReactNode
  confirmLabel: string
  tone?: 'danger' | 'primary'
  /** The dialog closes when it is done, and says what went wrong when it fails. */
  onConfirm: () => Promise<unknown>
  /** What must be typed before it can be confirmed. */
  confirmText?: string
}

export function ConfirmDialog({ isOpen, onClose, ...rest }: ConfirmDialogProps) {
  // Mounted anew each time: nothing typed before is kept.
  return isOpen ? <OpenConfirmDialog onClose={onClose} {...rest} /> : null
}

function OpenConfirmDialog({
  onClose,
  title,
  children,
  confirmLabel,
  tone = 'primary',
  onConfirm,
  confirmText,
}: Omit<ConfirmDialogProps, 'isOpen'>) {
  const [typed, setTyped] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const isClosed = useRef(false)
  const formId = useId()
  const close = () => {
    isClosed.current = true
    onClose()
  }
  const confirm = async () => {
    setIsBusy(true)
    setError(null)
    try {
      await onConfirm()
      if (!isClosed.current) close()
    } catch (problem) {
      setError(problem)
      setIsBusy(false)
    }
  }
  const failure = error === null ? null : describeError(error)
  return (
    <Dialog
      isOpen
      onClose={close}
      title={title}
      size="sm"
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant={tone}
            isBusy={isBusy}
            disabled={confirmText !== undefined && typed.trim() !== confirmText}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4 text-sm text-muted"
        onSubmit={(event) => {
          event.preventDefault()
          void confirm()
        }}
      >
        {children}
        {confirmText !== undefined && (
          <Field label={`Type “${confirmText}” to confirm`}>
            <TextInput value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
          </Field>
        )}
        {failure !== null && (
          <Notice tone="danger" title={failure.sentence}>
            {failure.hint}
          </Notice>
        )}
      </form>
    </Dialog>
  )
}
