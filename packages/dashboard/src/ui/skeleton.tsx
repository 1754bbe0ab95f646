/** The shape of what is being loaded. */
import { classNames } from './class-names.ts'

export function Skeleton({ className = 'h-4 w-32' }: { className?: string }) {
  return (
    <span className={classNames('block animate-pulse-slow rounded-sm bg-selected', className)} aria-hidden />
  )
}

const widths = ['w-40', 'w-24', 'w-32', 'w-16', 'w-28', 'w-20']

export function TableSkeleton({ columns, rows = 6 }: { columns: number; rows?: number }) {
  return (
    <div role="status" className="overflow-hidden rounded-lg border bg-surface">
      <span className="sr-only">Loading…</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton have no identity
        <div key={row} className="flex gap-6 border-b px-3 py-3 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              key={column}
              className={classNames('min-w-0 flex-1', column > 1 && 'max-sm:hidden')}
            >
              <Skeleton className={classNames('h-4 max-w-full', widths[(row + column) % widths.length])} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
