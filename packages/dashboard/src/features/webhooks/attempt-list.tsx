/** The attempts of a delivery, the latest first, each with how long it took beside the longest. One is looked at. */
import { duration } from '../../lib/format.ts'
import { classNames } from '../../ui/class-names.ts'
import { RelativeTime } from '../../ui/time.tsx'
import { answerInWords, causeInWords, isSuccess } from './delivery-status.tsx'
import type { Attempt } from './queries.ts'

interface AttemptListProps {
  attempts: readonly Attempt[]
  chosen: Attempt | undefined
  onChoose: (attempt: Attempt) => void
}

export function AttemptList({ attempts, chosen, onChoose }: AttemptListProps) {
  if (attempts.length === 0) return <p className="text-sm text-faint">It hasn’t been tried yet.</p>
  const longestMs = Math.max(1, ...attempts.map((attempt) => attempt.duration_ms))
  return (
    <section aria-label="Attempts">
      <h3 className="mb-2 text-sm font-semibold">Attempts</h3>
      <ul className="max-h-56 overflow-y-auto rounded-lg border bg-surface">
        {attempts.map((attempt) => (
          <li key={attempt.started_at} className="border-b last:border-b-0">
            <button
              type="button"
              aria-pressed={attempt === chosen}
              onClick={() => onChoose(attempt)}
              className={classNames(
                'flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2',
                attempt === chosen && 'bg-selected',
              )}
            >
              <span className="w-6 tabular text-faint">{attempt.number}</span>
              <span
                className={classNames(
                  'min-w-16 max-w-72 truncate font-medium',
                  isSuccess(attempt.status) ? 'text-success' : 'text-danger',
                )}
                title={answerInWords(attempt)}
              >
                {answerInWords(attempt)}
              </span>
              <span className="min-w-0 flex-1 truncate text-muted">{causeInWords[attempt.cause]}</span>
              <span className="flex w-32 items-center gap-2 max-sm:hidden">
                <svg width="64" height="6" aria-hidden className="shrink-0">
                  <rect width="64" height="6" rx="3" className="fill-hover" />
                  <rect
                    width={Math.max(3, (attempt.duration_ms / longestMs) * 64)}
                    height="6"
                    rx="3"
                    className={isSuccess(attempt.status) ? 'fill-success' : 'fill-danger'}
                  />
                </svg>
                <span className="tabular text-muted">{duration(attempt.duration_ms)}</span>
              </span>
              <span className="w-24 text-right text-muted">
                <RelativeTime at={attempt.started_at} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
