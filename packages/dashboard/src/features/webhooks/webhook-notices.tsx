/** What a person should know of a webhook before they read on: that it is off, why, and how it comes back. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { useNow } from '../../lib/now.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import type { Webhook } from './queries.ts'

/** One that is slow to start again is nothing to worry about yet. */
const FRESH_MS = 300_000

function isFresh(failingSince: string, nowMs: number): boolean {
  return nowMs - Date.parse(failingSince) < FRESH_MS
}

export function WebhookNotices({ webhook, mayWrite }: { webhook: Webhook; mayWrite: boolean }) {
  const queryClient = useQueryClient()
  const nowMs = useNow()
  const resume = useMutation({
    mutationFn: () => api.webhooks.resume(webhook.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] })
      toast.success('Sending again: what was kept follows in order')
    },
  })
  const action = mayWrite && (
    <Button size="sm" isBusy={resume.isPending} onClick={() => resume.mutate()}>
      Resume
    </Button>
  )
  const { status, disabled, failing_since: failingSince, old_secret_ends_at: oldEnds } = webhook
  return (
    <>
      {status === 'disabled' && disabled !== null && (
        <Notice
          tone="danger"
          title={
            disabled.reason === 'gone'
              ? 'Disabled: your server answered 410 Gone'
              : 'Disabled: for five days nothing got through'
          }
          action={action}
        >
          Since <RelativeTime at={disabled.at} />. Events are kept. It heals by itself: one request an hour is
          tried, and with the first 2xx it is enabled and sent what it missed. You needn’t wait: resume it
          once your server answers.
        </Notice>
      )}
      {status === 'paused' && (
        <Notice tone="neutral" title="Paused: nothing is sent" action={action}>
          What comes is kept for up to 30 days, and follows in its order when you resume.
        </Notice>
      )}
      {status === 'enabled' && failingSince !== null && (
        <Notice
          tone="warning"
          title={isFresh(failingSince, nowMs) ? 'The latest attempt failed' : 'Nothing gets through'}
        >
          Since <RelativeTime at={failingSince} />. Events are kept and tried again; after five days without a
          success it is disabled. Open a failed delivery to see what your server answers.
        </Notice>
      )}
      {oldEnds !== null && (
        <Notice tone="accent" title="Two secrets sign each request">
          The old one ends <RelativeTime at={oldEnds} />. Until then a server with either of them accepts what
          is sent.
        </Notice>
      )}
      {resume.error !== null && <ErrorNotice error={resume.error} />}
    </>
  )
}
