import { createFileRoute } from '@tanstack/react-router'
import { ContactPage } from '../../../features/contacts/contact-page.tsx'

export const Route = createFileRoute('/_shell/contacts/$id')({ component: ContactPage })
