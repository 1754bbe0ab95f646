/** Changes a key's name and what confines it. Its secret stays. */
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useMe } from '../../../lib/session.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { toast } from '../../../ui/toast.ts'
import { useKeyActions } from '../actions.ts'
import { type ApiKey, permissionsQuery } from '../queries.ts'
import { draftOf, toChange } from './draft.ts'
import { KeyFields } from './key-fields.tsx'
import { planLimitOf } from './plan.ts'
import { useDraft } from './use-draft.ts'

/** Mounted while it is open; the key is as it was then. */
export function EditDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const me = useMe()
  const formId = useId()
  const actions = useKeyActions()
  const permissions = useQuery(permissionsQuery)
  const { draft, setDraft, problems, isBusy, error, send, form } = useDraft(draftOf(apiKey))
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
      <form
        ref={form}
        id={formId}
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {permissions.data !== undefined && (
          <KeyFields
            draft={draft}
            onChange={setDraft}
            problems={problems}
            table={permissions.data}
            planLimit={planLimitOf(me.workspace?.plan)}
            areLimitsOpen
          />
        )}
        {permissions.error !== null && (
          <ErrorNotice error={permissions.error} onRetry={() => permissions.refetch()} />
        )}
        {error !== null && <ErrorNotice error={error} />}
      </form>
    </Dialog>
  )
}
