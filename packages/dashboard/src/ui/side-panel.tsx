/** Details of a row, beside its list: the list stays in use, so that one goes through it with the panel open. Escape closes it. */
import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'

interface SidePanelProps {
  isOpen: boolean
  onClose: () => void
  title: ReactNode
  actions?: ReactNode
  /** Wide ones show two things beside each other. */
  width?: 'normal' | 'wide'
  /** A single key without a modifier, pressed while the panel has the focus and nobody types. */
  onKey?: (key: string) => void
  children: ReactNode
}

export function SidePanel({
  isOpen,
  onClose,
  title,
  actions,
  width = 'normal',
  onKey,
  children,
}: SidePanelProps) {
  return (
    <Dialog.Root
      open={isOpen}
      modal={false}
      disablePointerDismissal
      onOpenChange={(open) => !open && onClose()}
    >
      <Dialog.Portal>
        <Dialog.Popup
          onKeyDown={({ key, target, metaKey, ctrlKey, altKey }) => {
            const isTyping =
              target instanceof HTMLElement && target.closest('input, textarea, select') !== null
            if (!isTyping && !metaKey && !ctrlKey && !altKey) onKey?.(key)
          }}
          className={classNames(
            'fixed inset-y-0 right-0 z-30 flex w-full flex-col border-l bg-page shadow-popup outline-none transition duration-150 data-ending-style:translate-x-4 data-ending-style:opacity-0 data-starting-style:translate-x-4 data-starting-style:opacity-0',
            width === 'wide' ? 'sm:w-[min(94vw,60rem)]' : 'sm:w-[min(90vw,38rem)]',
          )}
        >
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b bg-surface py-2 pr-2 pl-4">
            <Dialog.Title className="min-w-0 flex-1 text-base font-semibold wrap-anywhere">
              {title}
            </Dialog.Title>
            {actions}
            <IconButton label="Close" size="sm" icon={<X size={16} aria-hidden />} onClick={onClose} />
          </div>
          <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto p-4">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
