/** The workspaces that one works in: go there, or leave. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useProof } from '../../lib/proof.tsx'
import { rememberWorkspace } from '../../lib/workspace.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import { titleOfRole } from '../members/roles.ts'
import { enterDashboard } from '../sign-in/enter.ts'
import { type Workspace, workspacesQuery } from '../workspace/queries.ts'
import { leaveWorkspace } from './leave.ts'

export function WorkspacesSection({ current }: { readonly current: string | null }) {
  const workspaces = useQuery(workspacesQuery)
  const [leaving, setLeaving] = useState<Workspace>()
  return (
    <Section title="Your workspaces" actions={<LinkButton to="/create-workspace">Create another</LinkButton>}>
      {workspaces.isPending && <TableSkeleton columns={3} rows={2} />}
      {workspaces.error !== null && (
        <ErrorNotice error={workspaces.error} onRetry={() => workspaces.refetch()} />
      )}
      {workspaces.data !== undefined && (
        <Table label="Workspaces">
          <THead>
            <Th>Name</Th>
            <Th>Your role</Th>
            <Th>Created</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </THead>
          <TBody>
            {workspaces.data.map((workspace) => (
              <Tr key={workspace.id}>
                <Td>
                  <span className="flex items-center gap-2 font-medium">
                    {workspace.name}
                    {workspace.id === current && <Badge tone="accent">Here</Badge>}
                  </span>
                </Td>
                <Td label="Your role">{titleOfRole(workspace.role)}</Td>
                <Td label="Created">
                  <RelativeTime at={workspace.created_at} />
                </Td>
                <Td className="text-right max-sm:-ml-2">
                  {workspace.id !== current && (
                    <Button size="sm" variant="ghost" onClick={() => goTo(workspace.id)}>
                      Open<span className="sr-only"> {workspace.name}</span>
                    </Button>
                  )}
                  <Button size="sm" variant="ghost" onClick={() => setLeaving(workspace)}>
                    Leave<span className="sr-only"> {workspace.name}</span>
                  </Button>
                </Td>
              </Tr>
            ))}
          </TBody>
        </Table>
      )}
      {leaving !== undefined && (
        <LeaveDialog
          workspace={leaving}
          isCurrent={leaving.id === current}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Section>
  )
}

interface LeaveDialogProps {
  readonly workspace: Workspace
  readonly isCurrent: boolean
  readonly onClose: () => void
}

function LeaveDialog({ workspace, isCurrent, onClose }: LeaveDialogProps) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const leave = async () => {
    await withProof(() => leaveWorkspace(workspace.id))
    if (isCurrent) {
      rememberWorkspace(null)
      enterDashboard('/')
      return
    }
    toast.success(`You left ${workspace.name}`)
    await queryClient.invalidateQueries(workspacesQuery)
  }
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Leave ${workspace.name}?`}
      confirmLabel="Leave"
      tone="danger"
      onConfirm={leave}
    >
      <p>You lose access at once, and need a new invitation to come back.</p>
      <p>
        API keys that you made keep working; those that belong to you are marked, so that somebody else looks
        after them.
      </p>
    </ConfirmDialog>
  )
}

function goTo(workspaceId: string): void {
  rememberWorkspace(workspaceId)
  enterDashboard('/')
}
