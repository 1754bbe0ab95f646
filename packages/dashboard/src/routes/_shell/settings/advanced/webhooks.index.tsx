import { createFileRoute } from '@tanstack/react-router'
import { readWebhooksSearch } from '../../../../features/webhooks/delivery-filter.ts'
import { WebhooksPage } from '../../../../features/webhooks/webhooks-page.tsx'

export const Route = createFileRoute('/_shell/settings/advanced/webhooks/')({
  validateSearch: readWebhooksSearch,
  component: WebhooksPage,
})
