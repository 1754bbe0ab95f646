/** Dialogs: one question or one form, over the page. Escape and the backdrop close them; focus returns to where it was. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useId, useRef, useState } from 'react'
import { describeError } from '../lib/errors.ts'
import { Button, IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import { Field, TextInput } from './field.tsx'
import { Notice } from './notice.tsx'

interface DialogProps {
  isOpen: boolean
  /** Asked for by Escape, the backdrop or the cross. Whoever holds the state may say no. */
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  footer?: ReactNode
  size?: 'sm' | 'md' | 'lg'
}

const FIELD = 'input:not([type="hidden"]), select, textarea'

const widths = { sm: 'sm:max-w-md', md: 'sm:max-w-xl', lg: 'sm:max-w-3xl' }

export function Dialog({ isOpen, onClose, title, description, children, footer, size = 'md' }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-overlay transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-end justify-center overflow-hidden sm:items-start sm:px-4 sm:pt-[10vh] sm:pb-4">
          <Base.Popup
            ref={popup}
            // The first field, not the cross: what one came for.
            initialFocus={() => popup.current?.querySelector<HTMLElement>(FIELD) ?? popup.current}
            className={classNames(
              'flex max-h-[92dvh] w-full flex-col rounded-t-xl border bg-raised shadow-popup outline-none transition duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0 sm:max-h-[84vh] sm:rounded-xl',
              widths[size],
            )}
          >
            <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
              <div className="min-w-0">
                <Base.Title className="text-lg font-semibold tracking-tight wrap-anywhere">
                  {title}
                </Base.Title>
                {description !== undefined && (
                  <Base.Description className="mt-0.5 text-sm text-muted" render={<div />}>
                    {description}
                  </Base.Description>
                )}
              </div>
              <IconButton
                label="Close"
                size="sm"
                icon={<X size={16} aria-hidden />}
                onClick={onClose}
                className="-mr-1.5"
              />
            </header>
            <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
            {footer !== undefined && (
              <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</footer>
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
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
