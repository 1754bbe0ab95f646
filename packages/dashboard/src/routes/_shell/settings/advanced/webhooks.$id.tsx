import { createFileRoute } from '@tanstack/react-router'
import { readWebhookSearch } from '../../../../features/webhooks/delivery-filter.ts'
import { WebhookPage } from '../../../../features/webhooks/webhook-page.tsx'

export const Route = createFileRoute('/_shell/settings/advanced/webhooks/$id')({
  validateSearch: readWebhookSearch,
  component: WebhookPage,
})
