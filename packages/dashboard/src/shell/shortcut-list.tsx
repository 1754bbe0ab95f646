/** Every shortcut that works here, by what it is for. */
import { type Shortcut, shownKeys, useShortcuts } from '../lib/keyboard.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const groups = Map.groupBy(useShortcuts(), ({ group }) => group ?? 'Everywhere')
  return (
    <Dialog isOpen onClose={onClose} title="Keyboard shortcuts" size="md">
      <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2">
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h3 className="mb-2 text-xs font-medium text-faint">{group}</h3>
            <ul className="flex flex-col gap-1.5">
              {shortcuts.map((shortcut) => (
                <Row key={shortcut.keys} shortcut={shortcut} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

function Row({ shortcut }: { shortcut: Shortcut }) {
  return (
    <li className="flex items-center justify-between gap-4 text-sm">
      {shortcut.label}
      <span className="flex gap-1">
        {shownKeys(shortcut.keys).map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </span>
    </li>
  )
}
