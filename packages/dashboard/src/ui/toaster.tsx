/** Where toasts appear: one stack in the corner, read out politely. They wait while someone points at or tabs to one. */
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button, IconButton } from './button.tsx'
import { type Toast, toasts } from './toast.ts'

export function Toaster() {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get)
  const [isHeld, setIsHeld] = useState(false)
  return (
    <section
      aria-label="Notifications"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-60 sm:right-4 sm:left-auto sm:w-88"
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      <ol aria-live="polite" className="flex flex-col gap-2">
        {shown.map((toast) => (
          <ToastItem key={toast.id} toast={toast} isHeld={isHeld} />
        ))}
      </ol>
    </section>
  )
}

function ToastItem({ toast, isHeld }: { toast: Toast; isHeld: boolean }) {
  const { id, tone, title, description, undo, shownMs } = toast
  const Icon = tone === 'danger' ? CircleAlert : CircleCheck
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => toasts.dismiss(id), shownMs)
    return () => clearTimeout(timer)
  }, [id, shownMs, isHeld])
  return (
    <li className="pointer-events-auto flex animate-appear items-center gap-2.5 rounded-lg border border-line-strong bg-raised py-2 pr-2 pl-3 text-sm shadow-popup">
      <Icon
        size={16}
        className={tone === 'danger' ? 'shrink-0 text-danger' : 'shrink-0 text-success'}
        aria-hidden
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-text">{title}</p>
        {description !== undefined && <p className="text-muted">{description}</p>}
      </div>
      {undo !== undefined && (
        <Button
          size="sm"
          onClick={() => {
            toasts.dismiss(id)
            undo()
          }}
        >
          Undo
        </Button>
      )}
      <IconButton
        label="Dismiss"
        size="sm"
        icon={<X size={14} aria-hidden />}
        onClick={() => toasts.dismiss(id)}
      />
    </li>
  )
}
