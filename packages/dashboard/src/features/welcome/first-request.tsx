/** Waits for the first request with a key, turns green, and leads to its log. */
import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useEffect } from 'react'
import { LinkButton } from '../../ui/button.tsx'
import { firstRequestQuery } from './queries.ts'

interface FirstRequestProps {
  readonly keyId: string
  readonly onUsed: () => void
}

export function FirstRequest({ keyId, onUsed }: FirstRequestProps) {
  const { data: request, error } = useQuery(firstRequestQuery(keyId))
  const isHere = request !== undefined && request !== null
  useEffect(() => {
    if (isHere) onUsed()
  }, [isHere, onUsed])
  return (
    <div
      role="status"
      className={`flex min-h-11 flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border px-3 py-2 text-sm transition-colors duration-200 ${
        isHere ? 'border-transparent bg-success-soft' : 'border-dashed border-line-strong text-muted'
      }`}
    >
      {isHere ? (
        <>
          <CircleCheck size={16} className="shrink-0 text-success" aria-hidden />
          <span className="min-w-0 flex-1 basis-56">
            <strong className="font-medium">Your request arrived:</strong>{' '}
            <code className="font-mono text-xs">{request.endpoint}</code>, {request.status} in{' '}
            {Math.max(1, Math.round(request.duration_ms))} ms
          </span>
          <LinkButton size="sm" to="/settings/advanced/logs" search={{ request: request.id }}>
            Open the request
          </LinkButton>
        </>
      ) : (
        <>
          <span className="size-2 shrink-0 animate-pulse-slow rounded-full bg-warning" aria-hidden />
          {error === null
            ? 'Waiting for your first request…'
            : 'Waiting for your first request. The last look failed; the page looks again.'}
        </>
      )}
    </div>
  )
}
