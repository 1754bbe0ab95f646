/** The frame around every page: rail or top bar, the test environment's edge, palette and shortcuts. */
import { Outlet, useLocation, useRouter } from '@tanstack/react-router'
import { Menu as MenuIcon, Search } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useShortcut } from '../lib/keyboard.ts'
import { watchSignOut } from '../lib/query-client.ts'
import { useEnvironment, useMe } from '../lib/session.ts'
import { Badge } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { TestEdge } from './environment-switch.tsx'
import { Rail } from './rail.tsx'
import { GoShortcuts } from './shortcuts.tsx'

const Drawer = lazy(async () => ({ default: (await import('./drawer.tsx')).Drawer }))
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const ShortcutList = lazy(async () => ({ default: (await import('./shortcut-list.tsx')).ShortcutList }))

type Overlay = 'palette' | 'shortcuts' | 'drawer' | null

export function Shell() {
  const me = useMe()
  const environment = useEnvironment()
  const [overlay, setOverlay] = useState<Overlay>(null)
  const close = () => setOverlay(null)
  useShortcut({ keys: 'mod+k', label: 'Search or go to' }, () =>
    setOverlay((open) => (open === 'palette' ? null : 'palette')),
  )
  useShortcut({ keys: '?', label: 'Show shortcuts' }, () => setOverlay('shortcuts'))
  useSignInWhenSessionEnds()
  useOnNavigation(close)
  useEffect(loadOverlays, [])
  const rail = <Rail onSearch={() => setOverlay('palette')} onShowShortcuts={() => setOverlay('shortcuts')} />
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md border bg-raised px-3 py-2 text-sm shadow-popup focus:translate-y-0"
      >
        Skip to the page
      </a>
      <TestEdge />
      <GoShortcuts me={me} />
      <aside aria-label="Workspace" className="sticky top-0 h-dvh border-r bg-page max-md:hidden">
        {rail}
      </aside>
      <header className="sticky top-0 z-20 flex h-12 items-center gap-2 border-b bg-page px-2 md:hidden">
        <IconButton
          label="Open the menu"
          icon={<MenuIcon size={18} aria-hidden />}
          onClick={() => setOverlay('drawer')}
        />
        <span className="min-w-0 flex-1 truncate text-sm font-semibold">{me.workspace?.name}</span>
        {environment === 'test' && <Badge tone="warning">Test</Badge>}
        <IconButton
          label="Search"
          icon={<Search size={16} aria-hidden />}
          onClick={() => setOverlay('palette')}
        />
      </header>
      <main id="main" tabIndex={-1} className="min-w-0 outline-none">
        {/* Another place is another page: nothing that one holds is shown in the other. */}
        <Outlet key={`${me.workspace?.id} ${environment}`} />
      </main>
      <Suspense>
        {overlay === 'drawer' && <Drawer onClose={close}>{rail}</Drawer>}
        {overlay === 'palette' && <Palette onClose={close} onShowShortcuts={() => setOverlay('shortcuts')} />}
        {overlay === 'shortcuts' && <ShortcutList onClose={close} />}
      </Suspense>
    </div>
  )
}

const IDLE_MS = 2_000

/** When the page has nothing else to do, what dialogs and menus are made of: the first to open opens at once. */
function loadOverlays(): () => void {
  const timer = setTimeout(() => {
    void Promise.all([import('../ui/dialog-popup.tsx'), import('../ui/menu-popup.tsx')]).catch(
      () => undefined,
    )
  }, IDLE_MS)
  return () => clearTimeout(timer)
}

function useSignInWhenSessionEnds(): void {
  const router = useRouter()
  useEffect(
    () =>
      watchSignOut(() => {
        const { href } = router.state.location
        globalThis.location.assign(`/sign-in?next=${encodeURIComponent(href)}`)
      }),
    [router],
  )
}

function useOnNavigation(callback: () => void): void {
  const pathname = useLocation({ select: (location) => location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the path changes, and only then
  useEffect(callback, [pathname])
}
