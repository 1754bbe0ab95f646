import { createFileRoute } from '@tanstack/react-router'
import { KeyPage } from '../../../../features/api-keys/key/key-page.tsx'
import { keyQuery } from '../../../../features/api-keys/queries.ts'

export const Route = createFileRoute('/_shell/settings/advanced/api-keys/$id')({
  // Asked for while the page's code comes; failures are the page's to show.
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(keyQuery(params.id)),
  component: () => <KeyPage key={Route.useParams().id} id={Route.useParams().id} />,
})
