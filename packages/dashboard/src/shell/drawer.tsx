/** The rail on narrow screens: it slides in from the left, and goes when a page was chosen. */
import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

interface DrawerProps {
  onClose: () => void
  children: ReactNode
}

export function Drawer({ onClose, children }: DrawerProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-overlay transition-opacity duration-150 data-starting-style:opacity-0" />
        <Base.Popup className="fixed inset-y-0 left-0 z-40 w-72 max-w-[85vw] border-r bg-page shadow-popup outline-none transition-transform duration-150 data-starting-style:-translate-x-full">
          <Base.Title className="sr-only">Menu</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
