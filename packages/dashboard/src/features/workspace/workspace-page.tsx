/** `/settings/workspace`: its name, what it has, and its end. */
import { Plus } from 'lucide-react'
import { useMe } from '../../lib/session.ts'
import { LinkButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts, Page } from '../../ui/page.tsx'
import { titleOfRole } from '../members/roles.ts'
import { DangerZone } from './danger-zone.tsx'
import { NameForm } from './name-form.tsx'

export function WorkspacePage() {
  const { workspace, role } = useMe()
  if (workspace === null || role === null) return null
  const mayRename = role === 'owner' || role === 'admin'
  return (
    <Page
      title="Workspace"
      description="One business: its customers, its conversations, its keys, in a test and a live environment."
      actions={
        <LinkButton to="/create-workspace" icon={<Plus size={15} aria-hidden />}>
          Create another
        </LinkButton>
      }
    >
      {mayRename && <NameForm key={workspace.id} workspace={workspace} />}
      <Facts
        items={[
          ...(mayRename ? [] : [{ label: 'Name', value: workspace.name }]),
          {
            label: 'Id',
            value: (
              <span className="flex items-center gap-1">
                <code className="font-mono text-xs">{workspace.id}</code>
                <CopyButton text={workspace.id} label="Copy the id" isQuiet />
              </span>
            ),
          },
          { label: 'Plan', value: planInWords(workspace.plan) },
          { label: 'Your role', value: titleOfRole(role) },
        ]}
      />
      {role === 'owner' && <DangerZone workspace={workspace} />}
    </Page>
  )
}

function planInWords(plan: string): string {
  return plan === 'enterprise'
    ? 'Enterprise: 10,000 requests a minute for each key'
    : 'Standard: 1,000 requests a minute for each key'
}
