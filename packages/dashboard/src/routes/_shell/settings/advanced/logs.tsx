import { createFileRoute } from '@tanstack/react-router'
import { readLogSearch } from '../../../../features/logs/log-filter.ts'
import { LogsPage } from '../../../../features/logs/logs-page.tsx'

export const Route = createFileRoute('/_shell/settings/advanced/logs')({
  validateSearch: readLogSearch,
  component: LogsPage,
})
