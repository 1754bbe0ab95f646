import { createFileRoute } from '@tanstack/react-router'
import { InvitePage } from '../features/sign-in/invite-page.tsx'

export const Route = createFileRoute('/invite')({ component: InvitePage })
