import { createFileRoute } from '@tanstack/react-router'
import { ContactsPage } from '../../../features/contacts/contacts-page.tsx'
import { readContactFilter } from '../../../features/contacts/filter.ts'

export const Route = createFileRoute('/_shell/contacts/')({
  validateSearch: readContactFilter,
  component: ContactsPage,
})
