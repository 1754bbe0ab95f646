/** A line of the palette, and what lines stand under. */
import { Command } from 'cmdk'
import type { ReactNode } from 'react'
import { shownKeys } from '../lib/keyboard.ts'
import { Kbd } from '../ui/kbd.tsx'

interface GroupProps {
  heading: string
  children: ReactNode
}

export function PaletteGroup({ heading, children }: GroupProps) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  )
}

interface ItemProps {
  /** What the typed text is compared with. */
  value: string
  keywords?: readonly string[] | undefined
  icon: ReactNode
  /** Said in smaller letters behind it. */
  more?: string | null
  shortcut?: string
  onSelect: () => void
  children: ReactNode
}

export function PaletteItem({ value, keywords, icon, more, shortcut, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      keywords={keywords === undefined ? undefined : [...keywords]}
      onSelect={onSelect}
      className="flex min-h-8.5 items-center gap-2.5 rounded-md px-2.5 py-1 text-sm select-none data-[selected=true]:bg-hover pointer-coarse:min-h-11"
    >
      <span className="flex size-4 items-center justify-center text-faint" aria-hidden>
        {icon}
      </span>
      <span className="max-w-full truncate">{children}</span>
      {more !== undefined && more !== null && (
        <span className="min-w-0 flex-1 truncate text-xs text-faint">{more}</span>
      )}
      {shortcut !== undefined && (
        <span className="ml-auto flex gap-1 pointer-coarse:hidden">
          {shownKeys(shortcut).map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  )
}
