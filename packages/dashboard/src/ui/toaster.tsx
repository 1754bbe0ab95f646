/** Where toasts appear: one stack in the corner, read out politely. */
import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { Button } from './button.tsx'
import { type ToastData, toastManager } from './toast.ts'

export function Toaster() {
  return (
    <Toast.Provider toastManager={toastManager} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className="fixed inset-x-4 bottom-4 z-60 flex flex-col-reverse gap-2 sm:right-4 sm:left-auto sm:w-88">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function Toasts() {
  const { toasts, close } = Toast.useToastManager<ToastData>()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="rounded-lg border border-line-strong bg-raised shadow-popup transition duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-center gap-2.5 py-2 pr-2 pl-3 text-sm">
        {toast.type === 'error' ? (
          <CircleAlert size={16} className="shrink-0 text-danger" aria-hidden />
        ) : (
          <CircleCheck size={16} className="shrink-0 text-success" aria-hidden />
        )}
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-medium text-text" render={<p />} />
          <Toast.Description className="text-muted" />
        </div>
        {toast.data?.undo !== undefined && (
          <Button
            size="sm"
            onClick={() => {
              toast.data?.undo?.()
              close(toast.id)
            }}
          >
            Undo
          </Button>
        )}
        <Toast.Close
          aria-label="Dismiss"
          className="flex size-7 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-text"
        >
          <X size={14} aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
