/** Members and what can be done about each: another role, or no longer here. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { useProof } from '../../lib/proof.tsx'
import type { Role } from '../../lib/session.ts'
import { Badge } from '../../ui/badge.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import { type Member, membersQuery } from './queries.ts'
import { RemoveMemberDialog } from './remove-member-dialog.tsx'
import { mayManage, rolesToGive, titleOfRole } from './roles.ts'
import { toastFailure } from './toast-failure.ts'

interface MemberTableProps {
  readonly members: readonly Member[]
  readonly myRole: Role | null
}

export function MemberTable({ members, myRole }: MemberTableProps) {
  const [leaving, setLeaving] = useState<Member>()
  const changeRole = useChangeRole()
  return (
    <>
      <Table label="Members">
        <THead>
          <Th>Name</Th>
          <Th>Role</Th>
          <Th>Two-factor</Th>
          <Th>Last active</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </THead>
        <TBody>
          {members.map((member) => (
            <Tr key={member.id} className="relative">
              <Td className="max-sm:pr-10!">
                <div className="min-w-0 wrap-anywhere">
                  <div className="flex items-center gap-2 font-medium">
                    {member.name}
                    {member.is_me && <Badge tone="accent">You</Badge>}
                  </div>
                  <div className="text-muted">{member.email}</div>
                </div>
              </Td>
              <Td label="Role">{titleOfRole(member.role)}</Td>
              <Td label="Two-factor">
                {member.two_factor_enabled ? (
                  <Badge tone="success">On</Badge>
                ) : (
                  <Badge tone="neutral">Off</Badge>
                )}
              </Td>
              <Td label="Last active">
                <RelativeTime at={member.last_active_at} empty="Never" />
              </Td>
              <Td className="text-right max-sm:absolute max-sm:top-2 max-sm:right-2">
                <MemberMenu
                  member={member}
                  myRole={myRole}
                  onRole={(role) => changeRole.mutate({ member, role })}
                  onLeave={() => setLeaving(member)}
                />
              </Td>
            </Tr>
          ))}
        </TBody>
      </Table>
      {leaving !== undefined && <RemoveMemberDialog member={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  )
}

interface MemberMenuProps {
  readonly member: Member
  readonly myRole: Role | null
  readonly onRole: (role: Role) => void
  readonly onLeave: () => void
}

function MemberMenu({ member, myRole, onRole, onLeave }: MemberMenuProps) {
  const mayChange = mayManage(myRole, member.role)
  if (!mayChange && !member.is_me) return null
  const roleItems = mayChange
    ? rolesToGive(myRole)
        .filter((role) => role !== member.role)
        .map((role) => ({
          label: `Make ${role}`,
          onSelect: () => onRole(role),
        }))
    : []
  return (
    <Menu
      label={`Actions for ${member.name}`}
      items={[
        ...roleItems,
        {
          label: member.is_me ? 'Leave the workspace' : 'Remove',
          tone: 'danger' as const,
          onSelect: onLeave,
        },
      ]}
    />
  )
}

function useChangeRole() {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: ({ member, role }: { member: Member; role: Role }) =>
      withProof(() => api.members.update(member.id, { role })),
    onSuccess: (changed) => toast.success(`${changed.name} is now ${changed.role}`),
    onError: toastFailure,
    // One's own role decides what this and every other page shows.
    onSettled: (_changed, _error, { member }) =>
      member.is_me ? queryClient.invalidateQueries() : queryClient.invalidateQueries(membersQuery),
  })
}
