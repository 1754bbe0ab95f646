/** The two ends of a rotation: the old secret goes, or the new one does. Each names who would be refused. */
import { ConfirmDialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { toast } from '../../../ui/toast.ts'
import { useKeyActions } from '../actions.ts'
import type { ApiKey, ApiKeyUsage } from '../queries.ts'
import { ClientList } from '../usage/client-list.tsx'
import { clientsOf } from '../usage/clients.ts'

interface EndDialogProps {
  apiKey: ApiKey
  onClose: () => void
}

export function FinishRotationDialog({
  apiKey,
  rotation,
  onClose,
}: EndDialogProps & { rotation: NonNullable<ApiKeyUsage['rotation']> }) {
  const actions = useKeyActions()
  const stragglers = rotation.still_on_old_secret
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="End the old secret now?"
      confirmLabel="End the old secret"
      tone={rotation.is_safe_to_finish ? 'primary' : 'danger'}
      onConfirm={async () => {
        await actions.finishRotation(apiKey.id)
        toast.success('The old secret has ended', 'Every server refuses it.')
      }}
    >
      <p>{rotation.message}</p>
      {stragglers.length > 0 && (
        <>
          <Notice
            tone="warning"
            title={
              stragglers.length === 1
                ? 'One client would be refused'
                : `${stragglers.length} clients would be refused`
            }
          >
            They used the old secret since the rotation began, and were not seen with the new one.
          </Notice>
          <ClientList
            label="Would be refused"
            clients={stragglers.map(({ ip, user_agent, last_seen, endpoints }) => ({
              ip,
              userAgent: user_agent,
              lastSeen: last_seen,
              endpoints: endpoints.map((endpoint) => ({
                endpoint,
                requests: 0,
                refused: 0,
                lastSeen: last_seen,
              })),
            }))}
          />
        </>
      )}
    </ConfirmDialog>
  )
}

export function CancelRotationDialog({ apiKey, usage, onClose }: EndDialogProps & { usage: ApiKeyUsage }) {
  const actions = useKeyActions()
  const movers = clientsOf(usage.secrets[0]?.clients ?? [])
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Go back to the old secret?"
      confirmLabel="End the new secret"
      tone="danger"
      onConfirm={async () => {
        await actions.cancelRotation(apiKey.id)
        toast.success('Back to the old secret', 'The new one is refused.')
      }}
    >
      <p>
        The new secret ends now, and the old one works on without end. For a new secret that was lost or went
        where it shouldn’t.
      </p>
      {movers.length > 0 && (
        <>
          <Notice
            tone="warning"
            title={
              movers.length === 1
                ? 'One client would be refused'
                : `${movers.length} clients would be refused`
            }
          >
            They use the new secret already.
          </Notice>
          <ClientList clients={movers} label="Would be refused" />
        </>
      )}
    </ConfirmDialog>
  )
}
