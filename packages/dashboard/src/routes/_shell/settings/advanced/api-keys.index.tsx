import { createFileRoute } from '@tanstack/react-router'
import { readKeysSearch } from '../../../../features/api-keys/list/filters.ts'
import { KeysPage } from '../../../../features/api-keys/list/keys-page.tsx'

export const Route = createFileRoute('/_shell/settings/advanced/api-keys/')({
  validateSearch: readKeysSearch,
  component: () => <KeysPage search={Route.useSearch()} />,
})
