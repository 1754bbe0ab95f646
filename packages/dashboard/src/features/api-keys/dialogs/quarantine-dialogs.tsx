/** Quarantine, the step between watching and ending a key; and its end. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmDialog } from '../../../ui/dialog.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { toast } from '../../../ui/toast.ts'
import { useKeyActions } from '../actions.ts'
import { type ApiKey, keyUsageQuery } from '../queries.ts'
import { clientsOf } from '../usage/clients.ts'

interface DialogProps {
  apiKey: ApiKey
  onClose: () => void
}

export function QuarantineDialog({ apiKey, onClose }: DialogProps) {
  const actions = useKeyActions()
  const [reason, setReason] = useState('')
  const usage = useQuery(keyUsageQuery(apiKey.id, '24h')).data
  const addresses = new Set(
    clientsOf(usage?.secrets.flatMap(({ clients }) => clients) ?? []).map(({ ip }) => ip),
  )
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Quarantine “${apiKey.name}”?`}
      confirmLabel="Quarantine"
      onConfirm={async () => {
        await actions.quarantine(apiKey.id, reason)
        toast.success('In quarantine', 'It may only read, from where it was used before.')
      }}
    >
      <p>
        From now on it may <strong className="font-medium text-text">only read</strong>, and only from the
        addresses that used it in the last 30 days. Whoever found the secret elsewhere is refused; your own
        apps go on reading while you look into it. Release undoes it.
      </p>
      {usage !== undefined && (
        <p>
          {addresses.size === 0
            ? 'This key was not used in 30 days: in quarantine it works from nowhere.'
            : `It will work from ${[...addresses].slice(0, 4).join(', ')}${addresses.size > 4 ? ` and ${addresses.size - 4} more` : ''}.`}
        </p>
      )}
      <Field label="Reason" isOptional hint="Shown with the key and kept in its history.">
        <TextInput
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          placeholder="Seen in a support ticket"
          autoComplete="off"
        />
      </Field>
    </ConfirmDialog>
  )
}

export function ReleaseDialog({ apiKey, onClose }: DialogProps) {
  const actions = useKeyActions()
  const isLeaked = apiKey.leak !== null || apiKey.browser !== null
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Release “${apiKey.name}”?`}
      confirmLabel="Release"
      onConfirm={async () => {
        await actions.release(apiKey.id)
        toast.success('Released', 'It may do again what its permissions allow.')
      }}
    >
      <p>
        It may do again what its permissions allow, from wherever its IP list allows.
        {isLeaked && ' The notes about its leak go, too: you have dealt with them.'}
      </p>
      {isLeaked && apiKey.rotation === null && (
        <p>
          <strong className="font-medium text-text">Have you rotated it?</strong> Whoever found the secret
          still has it until you do.
        </p>
      )}
    </ConfirmDialog>
  )
}
