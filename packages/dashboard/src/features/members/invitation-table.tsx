/** Invitations that wait: a new link, or none any more. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { useNow } from '../../lib/now.ts'
import { useProof } from '../../lib/proof.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { type InvitationLink, InvitationLinkShown } from './invitation-link.tsx'
import { type Invitation, invitationsQuery } from './queries.ts'
import { titleOfRole } from './roles.ts'
import { toastFailure } from './toast-failure.ts'

interface InvitationTableProps {
  readonly invitations: readonly Invitation[]
  readonly mayChange: boolean
}

export function InvitationTable({ invitations, mayChange }: InvitationTableProps) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const nowMs = useNow()
  const [revoking, setRevoking] = useState<Invitation>()
  const [link, setLink] = useState<InvitationLink>()
  const renew = async (invitation: Invitation) => {
    try {
      setLink(await withProof(() => api.invitations.resend(invitation.id)))
      await queryClient.invalidateQueries(invitationsQuery)
    } catch (error) {
      toastFailure(error)
    }
  }
  return (
    <>
      <Table label="Invitations">
        <THead>
          <Th>E-mail</Th>
          <Th>Role</Th>
          <Th>Invited by</Th>
          <Th>Ends</Th>
          {mayChange && (
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          )}
        </THead>
        <TBody>
          {invitations.map((invitation) => (
            <Tr key={invitation.id} className="relative">
              <Td className="font-medium wrap-anywhere max-sm:pr-10!">{invitation.email}</Td>
              <Td label="Role">{titleOfRole(invitation.role)}</Td>
              <Td label="Invited by">{invitation.invited_by?.name ?? '–'}</Td>
              <Td label="Ends">
                {Date.parse(invitation.expires_at) <= nowMs ? (
                  <Badge tone="warning">Ended</Badge>
                ) : (
                  <RelativeTime at={invitation.expires_at} />
                )}
              </Td>
              {mayChange && (
                <Td className="text-right max-sm:absolute max-sm:top-2 max-sm:right-2">
                  <Menu
                    label={`Actions for ${invitation.email}`}
                    items={[
                      { label: 'Make a new link', onSelect: () => void renew(invitation) },
                      { label: 'Revoke', tone: 'danger', onSelect: () => setRevoking(invitation) },
                    ]}
                  />
                </Td>
              )}
            </Tr>
          ))}
        </TBody>
      </Table>
      <Dialog
        isOpen={link !== undefined}
        onClose={() => setLink(undefined)}
        title="A new link"
        description="The earlier one no longer works."
      >
        {link !== undefined && <InvitationLinkShown link={link} />}
      </Dialog>
      {revoking !== undefined && (
        <ConfirmDialog
          isOpen
          onClose={() => setRevoking(undefined)}
          title={`Revoke the invitation of ${revoking.email}?`}
          confirmLabel="Revoke"
          tone="danger"
          onConfirm={async () => {
            await withProof(() => api.invitations.delete(revoking.id))
            await queryClient.invalidateQueries(invitationsQuery)
          }}
        >
          The link that was sent stops working.
        </ConfirmDialog>
      )}
    </>
  )
}
