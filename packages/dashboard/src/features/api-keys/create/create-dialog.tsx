/** “Create New Key”: what it may do and for how long, then its secret, once. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useMe } from '../../../lib/session.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { useKeyActions } from '../actions.ts'
import { emptyDraft, toBody } from '../limits/draft.ts'
import { KeyForm } from '../limits/key-form.tsx'
import { useDraft } from '../limits/use-draft.ts'
import { permissionsQuery } from '../queries.ts'
import { SecretDialog } from './secret-dialog.tsx'

/** Mounted while it is open: what it holds, a secret too, goes with it. */
export function CreateDialog({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const formId = useId()
  const navigate = useNavigate()
  const actions = useKeyActions()
  const permissions = useQuery(permissionsQuery)
  const state = useDraft(emptyDraft)
  const { draft, isBusy, send } = state
  const [made, setMade] = useState<{ id: string; name: string; secret: string }>()

  if (made !== undefined) {
    return (
      <SecretDialog
        title={`“${made.name}” is ready`}
        secret={made.secret}
        keyId={made.id}
        isFirst
        onDone={() => {
          onClose()
          void navigate({ to: '/settings/advanced/api-keys/$id', params: { id: made.id } })
        }}
      />
    )
  }
  const submit = async () => {
    const key = await send((nowMs) => actions.create(toBody(draft, nowMs)))
    if (key !== undefined) setMade({ id: key.id, name: key.name, secret: key.secret })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Create New Key"
      description={<EnvironmentLine environment={me.environment} />}
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
            Create key
          </Button>
        </>
      }
    >
      <KeyForm
        id={formId}
        state={state}
        permissions={permissions}
        areLimitsOpen={false}
        onSubmit={submit}
        placeholder={<Skeleton className="h-96 w-full" />}
      />
    </Dialog>
  )
}

function EnvironmentLine({ environment }: { environment: 'test' | 'live' }) {
  return environment === 'test' ? (
    <span className="flex flex-wrap items-center gap-1.5">
      <Badge tone="warning">Test</Badge> It begins with <code className="font-mono">sk_test_</code> and
      reaches test data only.
    </span>
  ) : (
    <span className="flex flex-wrap items-center gap-1.5">
      <Badge tone="success">Live</Badge> It begins with <code className="font-mono">sk_live_</code> and
      reaches real customers.
    </span>
  )
}
