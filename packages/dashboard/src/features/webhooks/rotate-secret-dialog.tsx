/** A new signing secret: how long the old one still signs, then the new one, once. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { ProofDeclined, useProof } from '../../lib/proof.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.ts'
import type { Webhook } from './queries.ts'
import { SigningSecret } from './signing-secret.tsx'

const overlaps = [
  { value: '0', label: 'At once: the old one signs nothing more' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '24 hours' },
  { value: '604800', label: '7 days' },
]

export function RotateSecretDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const [overlap, setOverlap] = useState('86400')
  // Of the component alone: what queries and mutations remember outlives the dialog.
  const [secret, setSecret] = useState<string>()
  const rotate = useMutation({
    mutationFn: async () => {
      const rotated = await withProof(() =>
        api.webhooks.rotateSecret(webhook.id, { overlap_seconds: Number(overlap) }),
      )
      setSecret(rotated.signing_secret)
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['webhooks'] }),
  })
  if (secret !== undefined) {
    return (
      <Dialog
        isOpen
        onClose={() => toast.error('Save the signing secret first, then press “I have saved it”.')}
        title="New signing secret"
        footer={
          <Button variant="primary" onClick={onClose}>
            I have saved it
          </Button>
        }
      >
        <SigningSecret secret={secret} />
      </Dialog>
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Rotate the signing secret"
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" isBusy={rotate.isPending} onClick={() => rotate.mutate()}>
            Rotate secret
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-sm text-muted">
          While both hold, each request carries two signatures: put the new secret on your server at any time
          in between, and nothing is refused.
        </p>
        <Field label="The old secret still signs for">
          <Select value={overlap} onChange={setOverlap} options={overlaps} />
        </Field>
        {webhook.old_secret_ends_at !== null && (
          <p className="text-xs text-warning">
            A rotation is under way: the secret before the present one ends now.
          </p>
        )}
        {rotate.error !== null && !(rotate.error instanceof ProofDeclined) && (
          <ErrorNotice error={rotate.error} />
        )}
      </div>
    </Dialog>
  )
}
