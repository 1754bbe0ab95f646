/** The person: their settings, how the pages look, the shortcuts, and the way out. */
import { useRouter } from '@tanstack/react-router'
import { CircleUser, Keyboard, LogOut, Monitor, Moon, ShieldCheck, Sun } from 'lucide-react'
import { useMe } from '../lib/session.ts'
import { Menu, type MenuAction } from '../ui/menu.tsx'
import { toast } from '../ui/toast.ts'
import { signOut } from './sign-out.ts'
import { type Theme, useTheme } from './theme.ts'

const themes: readonly { value: Theme; label: string; Icon: typeof Sun }[] = [
  { value: 'system', label: 'As the system', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
]

export function AccountMenu({ onShowShortcuts }: { onShowShortcuts: () => void }) {
  const { user } = useMe()
  const router = useRouter()
  const [theme, chooseTheme] = useTheme()
  return (
    <Menu
      label="Account"
      align="start"
      side="top"
      items={[
        {
          label: 'Profile',
          icon: <CircleUser size={14} />,
          onSelect: () => void router.navigate({ to: '/settings/profile' }),
        },
        {
          label: 'Security',
          icon: <ShieldCheck size={14} />,
          onSelect: () => void router.navigate({ to: '/settings/security' }),
        },
        {
          label: 'Keyboard shortcuts',
          icon: <Keyboard size={14} />,
          shortcut: '?',
          onSelect: onShowShortcuts,
        },
        null,
        ...themes.map(
          ({ value, label, Icon }): MenuAction => ({
            label,
            icon: <Icon size={14} />,
            isChecked: theme === value,
            onSelect: () => chooseTheme(value),
          }),
        ),
        null,
        {
          label: 'Sign out',
          icon: <LogOut size={14} />,
          onSelect: () => void signOut().catch((error: Error) => toast.error(error.message)),
        },
      ]}
      trigger={
        <button
          type="button"
          className="flex h-10 w-full min-w-0 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover data-popup-open:bg-hover"
        >
          <span
            aria-hidden
            className="flex size-6 shrink-0 items-center justify-center rounded-full bg-selected text-xs font-medium text-muted"
          >
            {(user.name || user.email).slice(0, 1).toUpperCase()}
          </span>
          <span className="min-w-0 flex-1 truncate text-sm">{user.name || user.email}</span>
          <span className="sr-only">, account menu</span>
        </button>
      }
    />
  )
}
