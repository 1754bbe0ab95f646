/** How far a replay is. It goes on without this page; its id in the address brings it back. */
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { count, number } from '../../lib/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type Recovery, recoveryQuery } from './queries.ts'

export function RecoveryProgress({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(recoveryQuery(id))
  if (error !== null) return <ErrorNotice error={error} onRetry={() => refetch()} />
  if (data === undefined) return null
  const dismiss = (
    <IconButton label="Dismiss" size="sm" icon={<X size={14} aria-hidden />} onClick={onClose} />
  )
  const { total, succeeded, failed } = data
  return (
    <Notice tone={toneOf(data)} title={titleOf(data)} action={dismiss}>
      {total > 0 && (
        <>
          <progress
            className="my-1.5 block h-1.5 w-full max-w-md overflow-hidden rounded-full bg-line accent-accent [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
            aria-label="Recovered"
            max={total}
            value={succeeded + failed}
          />
          <span className="tabular">
            {number(succeeded)} of {number(total)} delivered
            {failed > 0 && `, ${number(failed)} failed again`}
          </span>
        </>
      )}
      {total === 0 && 'There was nothing to send in that time.'}
    </Notice>
  )
}

function toneOf({ status, failed }: Recovery) {
  if (status === 'running') return 'accent'
  return status === 'cancelled' || failed > 0 ? 'warning' : 'success'
}

function titleOf({ status, total }: Recovery): string {
  if (status === 'running') return `Sending ${count(total, 'event')} again…`
  return status === 'cancelled' ? 'The recovery was cancelled' : 'The recovery is done'
}
