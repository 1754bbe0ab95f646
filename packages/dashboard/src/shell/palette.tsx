/** The palette: go anywhere, begin anything, find a contact. Loaded when it is first opened. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { BookOpen, Keyboard, MessagesSquare, Moon, Repeat, UserRound } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { can, useEnvironment, useMe } from '../lib/session.ts'
import { beginnings } from './beginnings.ts'
import { matchWords } from './match-words.ts'
import { allPlaces, docs, visiblePlaces } from './navigation.ts'
import { PaletteGroup, PaletteItem } from './palette-parts.tsx'
import { foundContactsQuery, latestConversationsQuery } from './queries.ts'
import { useSwitchPlace } from './switch-place.ts'
import { useTheme } from './theme.ts'

const MIN_SEARCHED = 2

interface PaletteProps {
  onClose: () => void
  onShowShortcuts: () => void
}

export function Palette({ onClose, onShowShortcuts }: PaletteProps) {
  const me = useMe()
  const router = useRouter()
  const environment = useEnvironment()
  const { toEnvironment } = useSwitchPlace()
  const [theme, chooseTheme] = useTheme()
  const [typed, setTyped] = useState('')
  const searched = useDeferredValue(typed.trim())
  const isSearching = searched.length >= MIN_SEARCHED
  const { data: contacts = [] } = useQuery({
    ...foundContactsQuery(searched),
    enabled: isSearching && can(me, 'contacts:read'),
  })
  const { data: conversations = [] } = useQuery({
    ...latestConversationsQuery,
    enabled: isSearching && can(me, 'conversations:read'),
  })
  /** The palette is gone before what was chosen appears. */
  const go = (action: () => unknown) => () => {
    onClose()
    void action()
  }
  const other = environment === 'test' ? 'live' : 'test'
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches ? theme !== 'light' : theme === 'dark'

  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-overlay transition-opacity duration-100 data-starting-style:opacity-0" />
        <Base.Popup className="fixed inset-x-3 top-[8vh] z-40 mx-auto max-w-xl overflow-hidden rounded-xl border border-line-strong bg-raised shadow-popup outline-none transition duration-100 data-starting-style:-translate-y-1 data-starting-style:opacity-0 sm:top-[14vh]">
          <Base.Title className="sr-only">Search or go to</Base.Title>
          <Command label="Search or go to" loop filter={matchWords}>
            <Command.Input
              autoFocus
              value={typed}
              onValueChange={setTyped}
              placeholder="Where to, or whom do you look for?"
              className="h-12 w-full border-b bg-transparent px-4 text-base outline-none"
            />
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-sm text-muted">
                Nothing is called that here.
              </Command.Empty>
              <PaletteGroup heading="Contacts">
                {contacts.map(({ id, name, email, phone }) => (
                  <PaletteItem
                    key={id}
                    value={`${name} ${email ?? ''} ${phone ?? ''} ${id}`}
                    icon={<UserRound size={15} />}
                    more={email ?? phone}
                    onSelect={go(() => router.navigate({ to: '/contacts/$id', params: { id } }))}
                  >
                    {name}
                  </PaletteItem>
                ))}
              </PaletteGroup>
              <PaletteGroup heading="Conversations">
                {(isSearching ? conversations : []).map(
                  ({ id, customer_name: name, subject, last_message: last }) => (
                    <PaletteItem
                      key={id}
                      value={`${name ?? ''} ${subject ?? ''} ${last ?? ''} ${id}`}
                      icon={<MessagesSquare size={15} />}
                      more={subject ?? last}
                      onSelect={go(() => router.navigate({ to: '/conversations/$id', params: { id } }))}
                    >
                      {name ?? 'Unknown customer'}
                    </PaletteItem>
                  ),
                )}
              </PaletteGroup>
              <PaletteGroup heading="Begin">
                {beginnings
                  .filter(({ permission }) => can(me, permission))
                  .map(({ label, Icon, to, search, keywords }) => (
                    <PaletteItem
                      key={label}
                      value={label}
                      keywords={keywords}
                      icon={<Icon size={15} />}
                      onSelect={go(() => router.navigate({ to, search }))}
                    >
                      {label}
                    </PaletteItem>
                  ))}
              </PaletteGroup>
              <PaletteGroup heading="Go to">
                {visiblePlaces(allPlaces, me).map(({ to, label, Icon, key, keywords }) => (
                  <PaletteItem
                    key={to}
                    value={label}
                    keywords={keywords}
                    icon={<Icon size={15} />}
                    shortcut={`g ${key}`}
                    onSelect={go(() => router.navigate({ to }))}
                  >
                    {label}
                  </PaletteItem>
                ))}
                <PaletteItem
                  value="Documentation"
                  keywords={['docs', 'guide', 'reference', 'api']}
                  icon={<BookOpen size={15} />}
                  onSelect={go(() => globalThis.open(docs.href, '_blank', 'noreferrer'))}
                >
                  Documentation
                </PaletteItem>
              </PaletteGroup>
              <PaletteGroup heading="Here">
                <PaletteItem
                  value={`Switch to ${other}`}
                  keywords={['environment', 'test', 'live']}
                  icon={<Repeat size={15} />}
                  onSelect={go(() => toEnvironment(other))}
                >
                  Switch to {other}
                </PaletteItem>
                <PaletteItem
                  value={isDark ? 'Light colours' : 'Dark colours'}
                  keywords={['theme', 'dark', 'light', 'colors']}
                  icon={<Moon size={15} />}
                  onSelect={go(() => chooseTheme(isDark ? 'light' : 'dark'))}
                >
                  {isDark ? 'Light colours' : 'Dark colours'}
                </PaletteItem>
                <PaletteItem
                  value="Keyboard shortcuts"
                  icon={<Keyboard size={15} />}
                  shortcut="?"
                  onSelect={onShowShortcuts}
                >
                  Keyboard shortcuts
                </PaletteItem>
              </PaletteGroup>
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
