/** Changes a key's name and what confines it. Its secret stays. */
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { toast } from '../../../ui/toast.ts'
import { useKeyActions } from '../actions.ts'
import { type ApiKey, permissionsQuery } from '../queries.ts'
import { draftOf, toChange } from './draft.ts'
import { KeyForm } from './key-form.tsx'
import { useDraft } from './use-draft.ts'

/** Mounted while it is open; the key is as it was then. */
export function EditDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const formId = useId()
  const actions = useKeyActions()
  const permissions = useQuery(permissionsQuery)
  const state = useDraft(draftOf(apiKey))
  const { draft, isBusy, send } = state
  const submit = async () => {
    const isDone = await send(async (nowMs) => {
      const change = toChange(draft, apiKey, nowMs)
      if (Object.keys(change).length > 0) await actions.update(apiKey.id, change)
      return true
    })
    if (isDone !== true) return
    toast.success('Saved', 'Every server knows.')
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Edit “${apiKey.name}”`}
      description="The secret stays the same. Changes hold from the next request on, on every server."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isBusy={isBusy}
            disabled={permissions.data === undefined}
          >
            Save
          </Button>
        </>
      }
    >
      <KeyForm id={formId} state={state} permissions={permissions} areLimitsOpen onSubmit={submit} />
    </Dialog>
  )
}
