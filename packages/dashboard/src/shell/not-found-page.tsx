/** For addresses that lead nowhere. */
import { Compass } from 'lucide-react'
import { LinkButton } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'

export function NotFoundPage() {
  return (
    <main>
      <Page title="Not found">
        <EmptyState
          icon={<Compass size={24} />}
          title="There is nothing here"
          action={<LinkButton to="/">Go to Home</LinkButton>}
        >
          The address may be mistyped, or what was here belongs to another workspace or environment.
        </EmptyState>
      </Page>
    </main>
  )
}
