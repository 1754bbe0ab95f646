import { createFileRoute } from '@tanstack/react-router'
import { UsagePage } from '../../../../features/usage/usage-page.tsx'
import { readUsageSearch } from '../../../../features/usage/usage-search.ts'

export const Route = createFileRoute('/_shell/settings/advanced/usage')({
  validateSearch: readUsageSearch,
  component: UsagePage,
})
