/** What may be done with a webhook: try it, change it, pause it, give it a new secret, send again what it missed, delete it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { History, KeyRound, Pause, Pencil, Play, Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { describeError } from '../../lib/errors.ts'
import { useProof } from '../../lib/proof.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.ts'
import { EditWebhookDialog } from './edit-webhook-dialog.tsx'
import { type Webhook, webhooksQuery } from './queries.ts'
import { RecoverDialog } from './recover-dialog.tsx'
import { RotateSecretDialog } from './rotate-secret-dialog.tsx'
import { TestOutcome } from './test-outcome.tsx'

interface WebhookActionsProps {
  webhook: Webhook
  /** A replay tells of the past, which takes the right to read events. */
  mayRecover: boolean
  onRecovering: (recoveryId: string) => void
}

type Open = 'edit' | 'rotate' | 'recover' | 'delete'

export function WebhookActions({ webhook, mayRecover, onRecovering }: WebhookActionsProps) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [open, setOpen] = useState<Open>()
  const [testId, setTestId] = useState<string>()
  const close = () => setOpen(undefined)
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['webhooks'] })
  const fail = (error: unknown) => {
    const { sentence, hint } = describeError(error)
    toast.error(sentence, hint ?? undefined)
  }
  const test = useMutation({
    mutationFn: () => api.webhooks.test(webhook.id),
    onSuccess: ({ delivery_id: id }) => setTestId(id),
    onError: fail,
  })
  const isEnabled = webhook.status === 'enabled'
  const toggle = useMutation({
    mutationFn: () => (isEnabled ? api.webhooks.pause(webhook.id) : api.webhooks.resume(webhook.id)),
    onSuccess: async () => {
      await refresh()
      toast.success(
        isEnabled ? 'Paused: what comes is kept' : 'Sending again: what was kept follows in order',
      )
    },
    onError: fail,
  })
  return (
    <>
      <Button
        icon={<Send size={14} aria-hidden />}
        isBusy={test.isPending}
        disabled={!isEnabled}
        title={isEnabled ? undefined : 'Resume it first: a test event would wait like all others.'}
        onClick={() => test.mutate()}
      >
        Send test event
      </Button>
      <Button icon={<Pencil size={14} aria-hidden />} onClick={() => setOpen('edit')}>
        Edit
      </Button>
      <Menu
        label="More actions"
        items={[
          {
            label: isEnabled ? 'Pause' : 'Resume',
            icon: isEnabled ? <Pause size={14} /> : <Play size={14} />,
            onSelect: () => toggle.mutate(),
          },
          { label: 'Rotate secret…', icon: <KeyRound size={14} />, onSelect: () => setOpen('rotate') },
          ...(mayRecover
            ? [
                {
                  label: 'Recover events…',
                  icon: <History size={14} />,
                  isDisabled: webhook.status === 'disabled',
                  onSelect: () => setOpen('recover'),
                },
              ]
            : []),
          null,
          { label: 'Delete…', icon: <Trash2 size={14} />, tone: 'danger', onSelect: () => setOpen('delete') },
        ]}
      />
      {open === 'edit' && <EditWebhookDialog webhook={webhook} onClose={close} />}
      {open === 'rotate' && <RotateSecretDialog webhook={webhook} onClose={close} />}
      {open === 'recover' && <RecoverDialog webhookId={webhook.id} onClose={close} onBegun={onRecovering} />}
      <ConfirmDialog
        isOpen={open === 'delete'}
        onClose={close}
        title="Delete this webhook?"
        confirmLabel="Delete webhook"
        tone="danger"
        onConfirm={async () => {
          await withProof(() => api.webhooks.delete(webhook.id))
          await navigate({ to: '/settings/advanced/webhooks' })
          await queryClient.invalidateQueries(webhooksQuery)
          toast.success('Webhook deleted')
        }}
      >
        <p>
          <span className="font-mono text-xs wrap-anywhere text-text">{webhook.url}</span> is told of nothing
          any more, what waits for it is dropped, and its secret is gone for good. To stop for a while, pause
          it instead.
        </p>
      </ConfirmDialog>
      {testId !== undefined && (
        <Dialog
          isOpen
          onClose={() => setTestId(undefined)}
          title="Test event"
          description={<span className="font-mono text-xs wrap-anywhere">{webhook.url}</span>}
          size="sm"
          footer={
            <>
              <Button isBusy={test.isPending} onClick={() => test.mutate()}>
                Send another
              </Button>
              <Button variant="primary" onClick={() => setTestId(undefined)}>
                Done
              </Button>
            </>
          }
        >
          <TestOutcome
            key={testId}
            webhookId={webhook.id}
            deliveryId={testId}
            onOpen={() => setTestId(undefined)}
          />
        </Dialog>
      )}
    </>
  )
}
