/** Passkeys: signing in with a device instead of a password. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useProof } from '../../lib/proof.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Table, TBody, Td, THead, Th, Tr } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { auth, type Passkey } from '../sign-in/auth.ts'
import { arePasskeysSupported } from '../sign-in/passkeys.ts'
import { AddPasskeyDialog } from './add-passkey-dialog.tsx'
import { passkeysQuery } from './queries.ts'

export function PasskeysSection() {
  const passkeys = useQuery(passkeysQuery)
  const [isAdding, setIsAdding] = useState(false)
  const [deleting, setDeleting] = useState<Passkey>()
  const addButton = arePasskeysSupported() && (
    <Button icon={<KeyRound size={14} aria-hidden />} onClick={() => setIsAdding(true)}>
      Add a passkey
    </Button>
  )
  return (
    <Section
      title="Passkeys"
      description="Sign in with your fingerprint, your face or a security key. Nothing to type, nothing that a false page could learn."
      actions={passkeys.data !== undefined && passkeys.data.length > 0 && addButton}
    >
      {passkeys.isPending && <TableSkeleton columns={2} rows={1} />}
      {passkeys.error !== null && <ErrorNotice error={passkeys.error} onRetry={() => passkeys.refetch()} />}
      {passkeys.data?.length === 0 && (
        <EmptyState icon={<KeyRound size={20} />} title="No passkeys yet" action={addButton}>
          {arePasskeysSupported()
            ? 'Add one on this device, or on a phone or security key nearby.'
            : 'This browser knows no passkeys. Open this page in another one to add one.'}
        </EmptyState>
      )}
      {passkeys.data !== undefined && passkeys.data.length > 0 && (
        <PasskeyTable passkeys={passkeys.data} onDelete={setDeleting} />
      )}
      {isAdding && <AddPasskeyDialog onClose={() => setIsAdding(false)} />}
      {deleting !== undefined && (
        <DeletePasskeyDialog passkey={deleting} onClose={() => setDeleting(undefined)} />
      )}
    </Section>
  )
}

interface PasskeyTableProps {
  readonly passkeys: readonly Passkey[]
  readonly onDelete: (passkey: Passkey) => void
}

function PasskeyTable({ passkeys, onDelete }: PasskeyTableProps) {
  return (
    <Table label="Passkeys">
      <THead>
        <Th>Name</Th>
        <Th>Added</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </THead>
      <TBody>
        {passkeys.map((passkey) => (
          <Tr key={passkey.id}>
            <Td className="font-medium">{nameOf(passkey)}</Td>
            <Td label="Added">
              <RelativeTime at={passkey.createdAt ?? null} empty="Unknown" />
            </Td>
            <Td className="text-right max-sm:-ml-2">
              <Button size="sm" variant="ghost" onClick={() => onDelete(passkey)}>
                Delete<span className="sr-only"> {nameOf(passkey)}</span>
              </Button>
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}

function DeletePasskeyDialog({
  passkey,
  onClose,
}: {
  readonly passkey: Passkey
  readonly onClose: () => void
}) {
  const queryClient = useQueryClient()
  const { withProof } = useProof()
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Delete the passkey “${nameOf(passkey)}”?`}
      confirmLabel="Delete"
      tone="danger"
      onConfirm={async () => {
        await withProof(() => auth.deletePasskey(passkey.id))
        await queryClient.invalidateQueries(passkeysQuery)
      }}
    >
      It no longer signs you in. Your device may still offer it until you remove it there, too.
    </ConfirmDialog>
  )
}

function nameOf({ name }: Passkey): string {
  return name ?? 'Passkey'
}
