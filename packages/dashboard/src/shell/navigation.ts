/** The places of the dashboard: one table for the rail, the palette, and the shortcuts. */
import type { LinkProps } from '@tanstack/react-router'
import {
  Activity,
  BookOpen,
  Building2,
  ChartColumn,
  CircleUser,
  Home,
  KeyRound,
  type LucideIcon,
  MessagesSquare,
  ScrollText,
  ShieldCheck,
  Users,
  UsersRound,
  Webhook,
} from 'lucide-react'
import { can, type Me } from '../lib/session.ts'

export interface Place {
  to: NonNullable<LinkProps['to']>
  label: string
  Icon: LucideIcon
  /** After `g`. */
  key: string
  /** Without it the place isn't shown. */
  permission?: `${string}:read`
  /** Other words under which the palette finds it. */
  keywords?: readonly string[]
}

export const mainPlaces: readonly Place[] = [
  { to: '/', label: 'Home', Icon: Home, key: 'h', keywords: ['overview', 'start'] },
  {
    to: '/conversations',
    label: 'Conversations',
    Icon: MessagesSquare,
    key: 'i',
    permission: 'conversations:read',
    keywords: ['inbox', 'messages'],
  },
  {
    to: '/contacts',
    label: 'Contacts',
    Icon: UsersRound,
    key: 'c',
    permission: 'contacts:read',
    keywords: ['customers', 'people'],
  },
]

export const settingsPlaces: readonly Place[] = [
  {
    to: '/settings/workspace',
    label: 'Workspace',
    Icon: Building2,
    key: 's',
    keywords: ['settings', 'name'],
  },
  {
    to: '/settings/members',
    label: 'Members',
    Icon: Users,
    key: 'm',
    permission: 'members:read',
    keywords: ['team', 'roles', 'invite'],
  },
  { to: '/settings/profile', label: 'Profile', Icon: CircleUser, key: 'p', keywords: ['account', 'me'] },
  {
    to: '/settings/security',
    label: 'Security',
    Icon: ShieldCheck,
    key: 'y',
    keywords: ['password', 'two-factor', '2fa', 'passkeys', 'sessions'],
  },
]

export const advancedPlaces: readonly Place[] = [
  {
    to: '/settings/advanced/api-keys',
    label: 'API Keys',
    Icon: KeyRound,
    key: 'k',
    permission: 'api_keys:read',
    keywords: ['secret', 'token'],
  },
  {
    to: '/settings/advanced/webhooks',
    label: 'Webhooks',
    Icon: Webhook,
    key: 'w',
    permission: 'webhooks:read',
    keywords: ['deliveries', 'endpoint'],
  },
  {
    to: '/settings/advanced/logs',
    label: 'Logs',
    Icon: ScrollText,
    key: 'l',
    permission: 'usage:read',
    keywords: ['requests'],
  },
  { to: '/settings/advanced/events', label: 'Events', Icon: Activity, key: 'e', permission: 'events:read' },
  {
    to: '/settings/advanced/usage',
    label: 'Usage',
    Icon: ChartColumn,
    key: 'u',
    permission: 'usage:read',
    keywords: ['limits', 'quota'],
  },
]

export const allPlaces: readonly Place[] = [...mainPlaces, ...settingsPlaces, ...advancedPlaces]

/** Served by the same server, outside of the dashboard. */
export const docs = { href: '/docs', label: 'Docs', Icon: BookOpen } as const

export function visiblePlaces(places: readonly Place[], me: Pick<Me, 'permissions'>): Place[] {
  return places.filter(({ permission }) => permission === undefined || can(me, permission))
}
