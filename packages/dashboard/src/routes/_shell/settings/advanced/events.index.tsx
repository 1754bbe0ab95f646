import { createFileRoute } from '@tanstack/react-router'
import { readEventSearch } from '../../../../features/events/event-filter.ts'
import { EventsPage } from '../../../../features/events/events-page.tsx'

export const Route = createFileRoute('/_shell/settings/advanced/events/')({
  validateSearch: readEventSearch,
  component: EventsPage,
})
