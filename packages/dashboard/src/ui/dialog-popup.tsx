/** The dialog itself, which `Dialog` loads when the first one opens. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import type { DialogProps } from './dialog.tsx'

/** What keeps the focus inside while it is open. */
const GUARD = '[data-base-ui-focus-guard]'
const FIELD = 'input:not([type="hidden"]), select, textarea'

const widths = { sm: 'sm:max-w-md', md: 'sm:max-w-xl', lg: 'sm:max-w-3xl' }

export function OpenableDialog({
  isOpen,
  onClose,
  title,
  description,
  children,
  footer,
  size = 'md',
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null)
  useFocusGivenBack(isOpen, popup)
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

/** However a dialog ends, closed or taken away: the focus goes back to where it was, unless something else took it. */
function useFocusGivenBack(isOpen: boolean, popup: RefObject<HTMLElement | null>): void {
  const [last, setLast] = useState({ isOpen, opener: document.activeElement })
  if (last.isOpen !== isOpen) setLast({ isOpen, opener: isOpen ? document.activeElement : last.opener })
  const { opener } = last
  useEffect(() => {
    if (!isOpen) return
    return () => {
      setTimeout(() => {
        const at = document.activeElement
        const isLost = at === document.body || at?.closest(GUARD) != null || popup.current?.contains(at)
        if (isLost && opener instanceof HTMLElement && opener.isConnected) opener.focus()
      })
    }
  }, [isOpen, opener, popup])
}
