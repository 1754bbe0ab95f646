/** What went wrong, what mends it, and the id under which the server knows of it. */
import { RotateCw } from 'lucide-react'
import { describeError } from '../lib/errors.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { LinkedText } from './linked-text.tsx'
import { Notice } from './notice.tsx'

export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const { sentence, hint, requestId } = describeError(error)
  return (
    <Notice
      tone="danger"
      title={sentence}
      action={
        onRetry && (
          <Button size="sm" icon={<RotateCw size={14} aria-hidden />} onClick={() => void onRetry()}>
            Try again
          </Button>
        )
      }
    >
      {hint !== null && (
        <p>
          <LinkedText text={hint} />
        </p>
      )}
      {requestId !== null && (
        <p className="mt-1 flex flex-wrap items-center gap-1 text-xs">
          Request <code className="font-mono">{requestId}</code>
          <CopyButton text={requestId} label="Copy request id" isQuiet />
        </p>
      )}
    </Notice>
  )
}
