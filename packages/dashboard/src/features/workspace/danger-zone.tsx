/** Deleting a workspace, for good. */
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { useProof } from '../../lib/proof.tsx'
import { rememberWorkspace } from '../../lib/workspace.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/page.tsx'
import { enterDashboard } from '../sign-in/enter.ts'

export function DangerZone({
  workspace,
}: {
  readonly workspace: { readonly id: string; readonly name: string }
}) {
  const { withProof } = useProof()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Section title="Danger zone">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-lg border border-danger/40 bg-surface p-4">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-medium">Delete this workspace</p>
          <p className="mt-0.5 text-sm text-muted">
            All its conversations, contacts, knowledge, webhooks and keys, test and live. Nothing can be
            brought back.
          </p>
        </div>
        <Button variant="danger" onClick={() => setIsOpen(true)}>
          Delete workspace
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        title={`Delete ${workspace.name} for good?`}
        confirmLabel="Delete for good"
        tone="danger"
        confirmText={workspace.name}
        onConfirm={async () => {
          await withProof(() => api.workspaces.delete(workspace.id, { name: workspace.name }))
          rememberWorkspace(null)
          enterDashboard('/')
        }}
      >
        <p>
          Its API keys stop working at once, on every server. Customers who write get no answer. Members lose
          it from their list. There is no way back.
        </p>
      </ConfirmDialog>
    </Section>
  )
}
