import { createFileRoute } from '@tanstack/react-router'
import { EventPage } from '../../../../features/events/event-page.tsx'

export const Route = createFileRoute('/_shell/settings/advanced/events/$id')({ component: EventPage })
