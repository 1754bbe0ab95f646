/** `/settings/members`: who works here, as what, and who is invited. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { can, useMe } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { InvitationTable } from './invitation-table.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { MemberTable } from './member-table.tsx'
import { invitationsQuery, membersQuery } from './queries.ts'
import { rolesToGive } from './roles.ts'
import { RolesExplained } from './roles-explained.tsx'

const route = getRouteApi('/_shell/settings/members')

export function MembersPage() {
  const me = useMe()
  const navigate = route.useNavigate()
  const { create: isInviting = false } = route.useSearch()
  const setIsInviting = (isOpen: boolean) =>
    void navigate({ search: isOpen ? { create: true } : {}, replace: true })
  const members = useQuery(membersQuery)
  const invitations = useQuery(invitationsQuery)
  const mayInvite = can(me, 'members:write') && rolesToGive(me.role).length > 0
  return (
    <Page
      title="Members"
      description={`Who works in ${me.workspace?.name ?? 'this workspace'}, and what they may do.`}
      actions={
        mayInvite && (
          <Button
            variant="primary"
            icon={<UserPlus size={15} aria-hidden />}
            onClick={() => setIsInviting(true)}
          >
            Invite
          </Button>
        )
      }
    >
      {members.isPending && <TableSkeleton columns={4} rows={3} />}
      {members.error !== null && <ErrorNotice error={members.error} onRetry={() => members.refetch()} />}
      {members.data !== undefined && <MemberTable members={members.data} myRole={me.role} />}

      {invitations.error !== null && (
        <ErrorNotice error={invitations.error} onRetry={() => invitations.refetch()} />
      )}
      {invitations.data !== undefined && invitations.data.length > 0 && (
        <Section title="Invited" description="A link works once, for seven days.">
          <InvitationTable invitations={invitations.data} mayChange={mayInvite} />
        </Section>
      )}

      <RolesExplained />
      {mayInvite && (
        <InviteDialog isOpen={isInviting} onClose={() => setIsInviting(false)} roles={rolesToGive(me.role)} />
      )}
    </Page>
  )
}
