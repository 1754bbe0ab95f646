import { createFileRoute } from '@tanstack/react-router'
import { ConversationsPage } from '../../../features/conversations/conversations-page.tsx'
import { readConversationFilter } from '../../../features/conversations/filter.ts'

export const Route = createFileRoute('/_shell/conversations/')({
  validateSearch: readConversationFilter,
  component: ConversationsPage,
})
