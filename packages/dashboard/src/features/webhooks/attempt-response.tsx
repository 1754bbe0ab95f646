/** What a receiver answered to an attempt, or why there was no answer. */
import { duration } from '../../lib/format.ts'
import { HeaderList } from '../../ui/header-list.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { isSuccess } from './delivery-status.tsx'
import type { Attempt } from './queries.ts'

export function AttemptResponse({ attempt }: { attempt: Attempt | undefined }) {
  if (attempt === undefined) return <p className="text-sm text-faint">None yet.</p>
  const { status, error, response_headers: headers, response_body: body, ip } = attempt
  const taken = `${duration(attempt.duration_ms)}${ip === null ? '' : ` from ${ip}`}`
  return (
    <>
      <div className="overflow-hidden rounded-lg border bg-surface">
        <p className="flex flex-wrap justify-between gap-2 border-b px-3 py-2 text-xs">
          <span className={isSuccess(status) ? 'font-medium text-success' : 'font-medium text-danger'}>
            {status ?? error ?? 'No answer'}
          </span>
          <span className="text-muted">{taken}</span>
        </p>
        {headers === null || Object.keys(headers).length === 0 ? (
          <p className="px-3 py-2 text-xs text-faint">No headers.</p>
        ) : (
          <HeaderList headers={Object.entries(headers).map(([name, value]) => [name, String(value)])} />
        )}
      </div>
      {body === null || body === '' ? (
        <p className="rounded-lg border border-dashed px-3 py-2.5 text-xs text-faint">
          {status === null ? 'Nothing was answered.' : 'The answer had no body, or it isn’t kept.'}
        </p>
      ) : (
        <JsonView
          title="Body"
          value={body}
          note={attempt.response_body_truncated ? 'The beginning: it was longer' : undefined}
        />
      )}
    </>
  )
}
