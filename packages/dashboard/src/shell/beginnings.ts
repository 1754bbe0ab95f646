/** What the palette can begin: pages that open with their dialog, by a parameter in the address. */
import type { LinkProps } from '@tanstack/react-router'
import { KeyRound, type LucideIcon, Send, UserPlus, Webhook } from 'lucide-react'

interface Beginning {
  label: string
  Icon: LucideIcon
  to: NonNullable<LinkProps['to']>
  search: { create: true }
  permission: `${string}:write`
  keywords: readonly string[]
}

const search = { create: true } as const

export const beginnings: readonly Beginning[] = [
  {
    label: 'Create API key',
    Icon: KeyRound,
    to: '/settings/advanced/api-keys',
    search,
    permission: 'api_keys:write',
    keywords: ['new', 'secret', 'token'],
  },
  {
    label: 'Add webhook',
    Icon: Webhook,
    to: '/settings/advanced/webhooks',
    search,
    permission: 'webhooks:write',
    keywords: ['new', 'create', 'endpoint'],
  },
  {
    label: 'Add contact',
    Icon: UserPlus,
    to: '/contacts',
    search,
    permission: 'contacts:write',
    keywords: ['new', 'create', 'customer'],
  },
  {
    label: 'Invite a member',
    Icon: Send,
    to: '/settings/members',
    search,
    permission: 'members:write',
    keywords: ['new', 'team', 'colleague'],
  },
]
