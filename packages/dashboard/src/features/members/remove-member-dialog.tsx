/** Removing somebody, or leaving oneself. */
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { useProof } from '../../lib/proof.tsx'
import { rememberWorkspace } from '../../lib/workspace.ts'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { toast } from '../../ui/toast.ts'
import { enterDashboard } from '../sign-in/enter.ts'
import { type Member, membersQuery } from './queries.ts'

interface RemoveMemberDialogProps {
  readonly member: Member
  readonly onClose: () => void
}

export function RemoveMemberDialog({ member, onClose }: RemoveMemberDialogProps) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const remove = async () => {
    await withProof(() => api.members.delete(member.id))
    if (member.is_me) {
      rememberWorkspace(null)
      enterDashboard('/')
      return
    }
    toast.success(`${member.name} is removed`)
    await queryClient.invalidateQueries(membersQuery)
  }
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={member.is_me ? 'Leave this workspace?' : `Remove ${member.name}?`}
      confirmLabel={member.is_me ? 'Leave' : 'Remove'}
      tone="danger"
      onConfirm={remove}
    >
      {member.is_me
        ? 'You lose access at once, and need a new invitation to come back.'
        : `${member.name} loses access at once, on every device.`}{' '}
      API keys that {member.is_me ? 'you' : 'they'} made keep working; those that belong to{' '}
      {member.is_me ? 'you' : 'them'} are marked, so that somebody else looks after them.
    </ConfirmDialog>
  )
}
