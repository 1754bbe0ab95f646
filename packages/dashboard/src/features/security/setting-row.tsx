/** A setting in a box: what it is, how it stands, and what can be done. */
import type { ReactNode } from 'react'
import { Card } from '../../ui/page.tsx'

interface SettingRowProps {
  readonly title: ReactNode
  readonly children: ReactNode
  readonly actions: ReactNode
}

export function SettingRow({ title, children, actions }: SettingRowProps) {
  return (
    <Card className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-center gap-2 font-medium">{title}</p>
        <div className="mt-0.5 text-sm text-muted">{children}</div>
      </div>
      <div className="flex flex-wrap gap-2">{actions}</div>
    </Card>
  )
}
