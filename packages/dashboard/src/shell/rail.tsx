/** The rail: where one is, and where one can go. The same on wide screens and in the drawer of narrow ones. */
import { Link, useLocation } from '@tanstack/react-router'
import { ExternalLink, Search, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { shownKeys } from '../lib/keyboard.ts'
import { useMe } from '../lib/session.ts'
import { Kbd } from '../ui/kbd.tsx'
import { AccountMenu } from './account-menu.tsx'
import { EnvironmentSwitch } from './environment-switch.tsx'
import { advancedPlaces, docs, mainPlaces, type Place, settingsPlaces, visiblePlaces } from './navigation.ts'
import { WorkspaceMenu } from './workspace-menu.tsx'

interface RailProps {
  onSearch: () => void
  onShowShortcuts: () => void
}

export function Rail({ onSearch, onShowShortcuts }: RailProps) {
  const me = useMe()
  const isInSettings = useLocation({ select: ({ pathname }) => pathname.startsWith('/settings') })
  return (
    <div className="flex h-full flex-col gap-3 p-3">
      <WorkspaceMenu />
      <EnvironmentSwitch />
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 items-center gap-2 rounded-md border bg-surface px-2 text-sm text-faint hover:border-line-strong hover:text-muted pointer-coarse:h-10"
      >
        <Search size={14} aria-hidden />
        <span className="flex-1 text-left">Search or go to…</span>
        <span className="flex gap-0.5 pointer-coarse:hidden" aria-hidden>
          {shownKeys('mod+k').map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      </button>
      <nav aria-label="Main" className="-mx-1 flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-1">
        <PlaceList places={visiblePlaces(mainPlaces, me)}>
          <li>
            <Link to="/settings/workspace" className={item} data-status={isInSettings ? 'within' : undefined}>
              <Settings size={16} className="text-faint" aria-hidden />
              Settings
            </Link>
          </li>
        </PlaceList>
        {isInSettings && (
          <div className="flex flex-col gap-4">
            <PlaceList heading="Settings" places={visiblePlaces(settingsPlaces, me)} />
            <PlaceList heading="Advanced" places={visiblePlaces(advancedPlaces, me)} />
          </div>
        )}
      </nav>
      <div className="flex flex-col gap-1">
        <a href={docs.href} className={item} target="_blank" rel="noreferrer">
          <docs.Icon size={16} className="text-faint" aria-hidden />
          {docs.label}
          <ExternalLink size={12} className="ml-auto text-faint" aria-label="(opens in a new tab)" />
        </a>
        <AccountMenu onShowShortcuts={onShowShortcuts} />
      </div>
    </div>
  )
}

const item =
  'flex h-7.5 items-center gap-2 rounded-md px-2 text-sm text-muted hover:bg-hover hover:text-text data-[status=active]:bg-selected data-[status=active]:font-medium data-[status=active]:text-text data-[status=within]:text-text pointer-coarse:h-10'

interface PlaceListProps {
  heading?: string
  places: readonly Place[]
  children?: ReactNode
}

function PlaceList({ heading, places, children }: PlaceListProps) {
  return (
    <div>
      {heading !== undefined && <h2 className="px-2 pb-1 text-xs font-medium text-faint">{heading}</h2>}
      <ul className="flex flex-col gap-px">
        {places.map(({ to, label, Icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} className={item}>
              <Icon size={16} className="text-faint" aria-hidden />
              {label}
            </Link>
          </li>
        ))}
        {children}
      </ul>
    </div>
  )
}
