import { createFileRoute } from '@tanstack/react-router'
import { ConversationPage } from '../../../features/conversations/conversation-page.tsx'

export const Route = createFileRoute('/_shell/conversations/$id')({ component: ConversationPage })
