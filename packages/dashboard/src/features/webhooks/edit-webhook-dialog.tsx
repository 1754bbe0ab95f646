/** Changing a webhook: only what was changed is sent. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { api } from '../../lib/api.ts'
import { ProofDeclined, useProof } from '../../lib/proof.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { toast } from '../../ui/toast.ts'
import type { Webhook } from './queries.ts'
import { changesOf, draftOf, draftProblems } from './webhook-draft.ts'
import { WebhookForm } from './webhook-form.tsx'

export function EditWebhookDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const formId = useId()
  // As it was when the dialog opened, whatever is read meanwhile.
  const [before] = useState(webhook)
  const [draft, setDraft] = useState(() => draftOf(webhook))
  const [isReplacing, setIsReplacing] = useState(webhook.header_names.length === 0)
  const problems = draftProblems(draft)
  const isNamed = draft.headers.some(({ name }) => name.trim() !== '')
  const mayReplace = isReplacing && (isNamed || before.header_names.length > 0)
  const changes = changesOf(draft, before, mayReplace)
  const save = useMutation({
    mutationFn: () => withProof(() => api.webhooks.update(webhook.id, changes)),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] })
      toast.success('Webhook changed')
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Edit webhook"
      description="Holds for what is sent from now on, retries among it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isBusy={save.isPending}
            disabled={Object.keys(changes).length === 0}
          >
            Save
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
          if (Object.keys(problems).length === 0) save.mutate()
        }}
      >
        <WebhookForm
          draft={draft}
          onChange={setDraft}
          problems={problems}
          error={save.error}
          headers={{
            keptNames: before.header_names,
            isReplacing,
            onReplace: () => setIsReplacing(true),
          }}
        />
        {save.error !== null && !(save.error instanceof ProofDeclined) && <ErrorNotice error={save.error} />}
      </form>
    </Dialog>
  )
}
