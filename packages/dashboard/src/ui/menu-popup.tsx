/** A menu that can be opened, and is open when it first appears: `Menu` loads it for whoever pressed its button. */
import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement } from 'react'
import { classNames } from './class-names.ts'
import { Kbd } from './kbd.tsx'
import type { MenuProps } from './menu.tsx'

interface OpenableMenuProps extends MenuProps {
  trigger: ReactElement<Record<string, unknown>>
}

export function OpenableMenu({ label, items, trigger, align = 'end', side = 'bottom' }: OpenableMenuProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger render={trigger} />
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
