/** `/settings/profile`: one's name, and the workspaces that one works in. */
import { useMe } from '../../lib/session.ts'
import { Page } from '../../ui/page.tsx'
import { PersonForm } from './person-form.tsx'
import { WorkspacesSection } from './workspaces-section.tsx'

export function ProfilePage() {
  const me = useMe()
  return (
    <Page title="Profile" description="How others see you, in every workspace.">
      <PersonForm key={me.user.id} user={me.user} />
      <WorkspacesSection current={me.workspace?.id ?? null} />
    </Page>
  )
}
