/** Making a webhook: its fields; then its secret, once, and how the first request to it went. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { api } from '../../lib/api.ts'
import { ProofDeclined, useProof } from '../../lib/proof.tsx'
import { useEnvironment } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { toast } from '../../ui/toast.ts'
import { webhooksQuery } from './queries.ts'
import { SigningSecret } from './signing-secret.tsx'
import { TestOutcome } from './test-outcome.tsx'
import { draftProblems, fieldsOf, newDraft } from './webhook-draft.ts'
import { WebhookForm } from './webhook-form.tsx'

interface Created {
  id: string
  testDeliveryId: string
  secret: string
}

export function CreateWebhookDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  // Mounted anew each time: neither what was typed nor the secret is kept.
  return isOpen ? <OpenDialog onClose={onClose} /> : null
}

function OpenDialog({ onClose }: { onClose: () => void }) {
  const environment = useEnvironment()
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const formId = useId()
  const [draft, setDraft] = useState(newDraft)
  const [isTried, setIsTried] = useState(false)
  // Of the component alone: what queries and mutations remember outlives the dialog.
  const [created, setCreated] = useState<Created>()
  const problems = draftProblems(draft)
  const create = useMutation({
    mutationFn: async () => {
      const made = await withProof(() => api.webhooks.create(fieldsOf(draft, true)))
      setCreated({ id: made.id, testDeliveryId: made.test_delivery_id, secret: made.signing_secret })
    },
    onSuccess: () => queryClient.invalidateQueries(webhooksQuery),
  })

  if (created !== undefined) {
    const finish = () => {
      void navigate({ to: '/settings/advanced/webhooks/$id', params: { id: created.id }, replace: true })
    }
    return (
      <Dialog
        isOpen
        // Escape and the backdrop don't lose the secret: the button does, knowingly.
        onClose={() => toast.error('Save the signing secret first, then press “I have saved it”.')}
        title="Webhook created"
        size="md"
        footer={
          <Button variant="primary" onClick={finish}>
            I have saved it
          </Button>
        }
      >
        <div className="flex flex-col gap-5">
          <TestOutcome webhookId={created.id} deliveryId={created.testDeliveryId} />
          <SigningSecret secret={created.secret} />
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Create a webhook"
      description={`It is told of what happens from now on in the ${environment} environment. A test event is sent at once.`}
      size="md"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={create.isPending}>
            Create webhook
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          setIsTried(true)
          if (Object.keys(problems).length === 0) create.mutate()
        }}
      >
        <WebhookForm
          draft={draft}
          onChange={setDraft}
          problems={isTried ? problems : {}}
          error={create.error}
          headers={null}
        />
        {create.error !== null && !(create.error instanceof ProofDeclined) && (
          <ErrorNotice error={create.error} />
        )}
      </form>
    </Dialog>
  )
}
