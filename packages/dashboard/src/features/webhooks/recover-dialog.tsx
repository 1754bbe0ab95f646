/** Sending again what failed, or was never sent, since some time. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, Select, TextInput } from '../../ui/field.tsx'

const HOUR_MS = 3_600_000

const ranges = [
  { value: '1', label: 'The last hour' },
  { value: '24', label: 'The last 24 hours' },
  { value: '168', label: 'The last 7 days' },
  { value: '719', label: 'The last 30 days' },
  { value: 'own', label: 'Since a time of your choice' },
]

const kinds = [
  { value: 'failed', label: 'What was given up' },
  { value: 'missing', label: 'What it was never sent' },
  { value: 'all', label: 'Everything, also what succeeded' },
] as const

type Kind = (typeof kinds)[number]['value']

interface RecoverDialogProps {
  webhookId: string
  onClose: () => void
  onBegun: (recoveryId: string) => void
}

export function RecoverDialog({ webhookId, onClose, onBegun }: RecoverDialogProps) {
  const [range, setRange] = useState('24')
  const [own, setOwn] = useState('')
  const [kind, setKind] = useState<Kind>('failed')
  const ownMs = Date.parse(own)
  const begin = useMutation({
    mutationFn: () => {
      const sinceMs = range === 'own' ? ownMs : Date.now() - Number(range) * HOUR_MS
      return api.webhooks.recover(webhookId, { since: new Date(sinceMs).toISOString(), status: kind })
    },
    onSuccess: ({ id }) => {
      onClose()
      onBegun(id)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Recover events"
      description="They are sent again in their order, beside what comes new, at the webhook’s pace."
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={begin.isPending}
            disabled={range === 'own' && Number.isNaN(ownMs)}
            onClick={() => begin.mutate()}
          >
            Recover
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="Which">
          <Select<Kind> value={kind} onChange={setKind} options={kinds} />
        </Field>
        <Field label="From when" hint="Events are kept for 30 days.">
          <Select value={range} onChange={setRange} options={ranges} />
        </Field>
        {range === 'own' && (
          <Field label="Since" hint="On the clock of this browser.">
            <TextInput type="datetime-local" value={own} onChange={(event) => setOwn(event.target.value)} />
          </Field>
        )}
        {begin.error !== null && <ErrorNotice error={begin.error} />}
      </div>
    </Dialog>
  )
}
