/** A menu of actions behind a button. */
import { Menu as Base } from '@base-ui/react/menu'
import { Ellipsis } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import { Kbd } from './kbd.tsx'

export interface MenuAction {
  label: ReactNode
  onSelect: () => void
  icon?: ReactNode
  shortcut?: string
  tone?: 'danger'
  isDisabled?: boolean
  /** Of one choice among several: whether it is the present one. */
  isChecked?: boolean
}

interface MenuProps {
  /** Names the button. */
  label: string
  /** `null` draws a line between groups. */
  items: readonly (MenuAction | null)[]
  /** The button; three dots if none is given. */
  trigger?: ReactElement<Record<string, unknown>>
  align?: 'start' | 'end'
  side?: 'top' | 'bottom'
}

export function Menu({ label, items, trigger, align = 'end', side = 'bottom' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger
        render={trigger ?? <IconButton label={label} size="sm" icon={<Ellipsis size={16} aria-hidden />} />}
        aria-label={trigger === undefined ? label : undefined}
      />
      {/* A landmark, so that what is outside of all others belongs to one. */}
      <Base.Portal role="region" aria-label={label}>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) max-w-80 min-w-[max(11rem,var(--anchor-width))] overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 text-sm shadow-popup outline-none transition-opacity duration-75 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {items.map((item, at) =>
              item === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing but its place
                <Base.Separator key={at} className="-mx-1 my-1 h-px bg-line" />
              ) : (
                <Base.Item
                  // biome-ignore lint/suspicious/noArrayIndexKey: labels may be elements, and items don't move
                  key={at}
                  disabled={item.isDisabled}
                  onClick={item.onSelect}
                  className={classNames(
                    'flex min-h-7.5 items-center gap-2 rounded-md px-2 py-1 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:min-h-10',
                    item.tone === 'danger' ? 'text-danger' : 'text-text',
                  )}
                >
                  {item.icon !== undefined && (
                    <span className="flex size-4 items-center justify-center text-faint" aria-hidden>
                      {item.icon}
                    </span>
                  )}
                  <span className="min-w-0 flex-1 truncate">{item.label}</span>
                  {item.isChecked && <span className="text-accent">✓</span>}
                  {item.isChecked && <span className="sr-only">(current)</span>}
                  {item.shortcut !== undefined && <Kbd>{item.shortcut}</Kbd>}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
