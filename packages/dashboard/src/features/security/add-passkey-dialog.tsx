/** Names a passkey and makes it: the browser's own dialog does the rest. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { ProofDeclined, useProof } from '../../lib/proof.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.ts'
import { addPasskey } from '../sign-in/passkeys.ts'
import { passkeysQuery } from './queries.ts'
import { userAgentInWords } from './user-agent.ts'

export function AddPasskeyDialog({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient()
  const { withProof } = useProof()
  const formId = useId()
  const [name, setName] = useState(() => userAgentInWords(navigator.userAgent))
  const add = useMutation({
    mutationFn: () => withProof(() => addPasskey(name.trim())),
    onSuccess: (isAdded) => {
      if (!isAdded) return
      toast.success('Passkey added')
      onClose()
      return queryClient.invalidateQueries(passkeysQuery)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Add a passkey"
      description="Your browser asks where to keep it: on this device, on your phone, or on a security key."
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={add.isPending}>
            Continue
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <Field label="Name" hint="So that you know later which one it is.">
          <TextInput
            required
            autoFocus
            maxLength={100}
            pattern=".*\S.*"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {add.error !== null && !(add.error instanceof ProofDeclined) && <ErrorNotice error={add.error} />}
      </form>
    </Dialog>
  )
}
