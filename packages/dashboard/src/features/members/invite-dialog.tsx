/** Inviting somebody: the address, the role, then the link. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { ProofDeclined, useProof } from '../../lib/proof.tsx'
import type { Role } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { type InvitationLink, InvitationLinkShown } from './invitation-link.tsx'
import { invitationsQuery, rolesQuery } from './queries.ts'
import { titleOfRole } from './roles.ts'

interface InviteDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  /** Those that the inviter may give. */
  readonly roles: readonly Role[]
}

export function InviteDialog({ isOpen, onClose, roles }: InviteDialogProps) {
  const [link, setLink] = useState<InvitationLink>()
  const close = () => {
    setLink(undefined)
    onClose()
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={link === undefined ? 'Invite somebody' : 'Invited'}
      footer={
        link !== undefined && (
          <>
            <Button variant="secondary" onClick={() => setLink(undefined)}>
              Invite another
            </Button>
            <Button variant="primary" onClick={close}>
              Done
            </Button>
          </>
        )
      }
    >
      {link === undefined ? (
        <InviteForm roles={roles} onInvited={setLink} />
      ) : (
        <InvitationLinkShown link={link} />
      )}
    </Dialog>
  )
}

interface InviteFormProps {
  readonly roles: readonly Role[]
  readonly onInvited: (link: InvitationLink) => void
}

function InviteForm({ roles, onInvited }: InviteFormProps) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const { data: described } = useQuery(rolesQuery)
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('agent')
  const invite = useMutation({
    mutationFn: async () => {
      const { url, email: invited } = await withProof(() =>
        api.invitations.create({ email: email.trim(), role }),
      )
      onInvited({ url, email: invited })
    },
    onSuccess: () => queryClient.invalidateQueries(invitationsQuery),
  })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        invite.mutate()
      }}
    >
      <Field label="E-mail">
        <TextInput
          type="email"
          required
          autoFocus
          autoComplete="off"
          maxLength={254}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field label="Role" hint={described?.find(({ name }) => name === role)?.description}>
        <Select
          value={role}
          onChange={(value) => setRole(roles.find((candidate) => candidate === value) ?? 'viewer')}
          options={roles.map((value) => ({ value, label: titleOfRole(value) }))}
        />
      </Field>
      {invite.error !== null && !(invite.error instanceof ProofDeclined) && (
        <ErrorNotice error={invite.error} />
      )}
      <Button type="submit" variant="primary" isBusy={invite.isPending}>
        Invite
      </Button>
    </form>
  )
}
