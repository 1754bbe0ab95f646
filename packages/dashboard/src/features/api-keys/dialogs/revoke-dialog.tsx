/** The end of a key: who would notice, then the receipt that every server refuses it. */
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog, Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { useKeyActions } from '../actions.ts'
import { type ApiKey, keyUsageQuery } from '../queries.ts'
import { ClientList } from '../usage/client-list.tsx'
import { clientsOfLastHour } from '../usage/clients.ts'
import { Receipt } from './receipt.tsx'

/** A key that was used since then is in use: its name must be typed. */
const RECENT_MS = 24 * 3_600_000

export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const actions = useKeyActions()
  const [revoked, setRevoked] = useState<ApiKey>()
  const hasReceipt = useRef(false)
  const usage = useQuery({ ...keyUsageQuery(apiKey.id, '24h'), enabled: revoked === undefined })
  const nowMs = Date.now()
  const clients = clientsOfLastHour(usage.data?.secrets ?? [], nowMs)
  const usedMs = apiKey.last_used_at === null ? null : Date.parse(apiKey.last_used_at)
  const isInUse = clients.length > 0 || (usedMs !== null && nowMs - usedMs < RECENT_MS)

  if (revoked !== undefined) {
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title={`“${revoked.name}” is revoked`}
        size="sm"
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <Receipt apiKey={revoked} />
      </Dialog>
    )
  }
  return (
    <ConfirmDialog
      isOpen
      // The confirmation closes itself when it is done: then the receipt takes its place.
      onClose={() => hasReceipt.current || onClose()}
      title={`Revoke “${apiKey.name}”?`}
      confirmLabel="Revoke key"
      tone="danger"
      {...(isInUse && { confirmText: apiKey.name })}
      onConfirm={async () => {
        const answer = await actions.revoke(apiKey.id)
        hasReceipt.current = true
        setRevoked(answer)
      }}
    >
      <p>
        Every server refuses it before this dialog answers. It{' '}
        <strong className="font-medium text-text">can’t be undone</strong>: whatever still uses it needs a new
        key. Its history stays.
      </p>
      {usage.isPending ? (
        <Skeleton className="h-10 w-full" />
      ) : clients.length > 0 ? (
        <div className="flex flex-col gap-2">
          <Notice
            tone="warning"
            title={`Used in the last hour by ${clients.length === 1 ? 'one client' : `${clients.length} clients`}`}
          >
            They will be refused.
          </Notice>
          <ClientList clients={clients} label="Clients of the last hour" />
        </div>
      ) : (
        <p>
          Last used: <RelativeTime at={apiKey.last_used_at} empty="never" />. Nobody used it in the last hour.
        </p>
      )}
    </ConfirmDialog>
  )
}
