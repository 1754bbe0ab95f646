/** One fact of a side panel, on one line; within a `dl`. */
import type { ReactNode } from 'react'

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="truncate">{children}</dd>
    </div>
  )
}
