/** Something a person should know on this page, with what to do about it. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Tone } from './badge.tsx'
import { classNames } from './class-names.ts'

const looks: Record<Tone, { box: string; mark: string; Icon: typeof Info }> = {
  neutral: { box: 'bg-sunken', mark: 'text-muted', Icon: Info },
  accent: { box: 'bg-accent-soft', mark: 'text-accent', Icon: Info },
  success: { box: 'bg-success-soft', mark: 'text-success', Icon: CircleCheck },
  warning: { box: 'bg-warning-soft', mark: 'text-warning', Icon: TriangleAlert },
  danger: { box: 'bg-danger-soft', mark: 'text-danger', Icon: CircleAlert },
}

interface NoticeProps {
  tone?: Tone
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
}

export function Notice({ tone = 'neutral', title, children, action }: NoticeProps) {
  const { box, mark, Icon } = looks[tone]
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={classNames('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg px-3 py-2.5 text-sm', box)}
    >
      <Icon size={16} className={classNames('mt-0.5 shrink-0', mark)} aria-hidden />
      <div className="min-w-0 flex-1 basis-48">
        {title !== undefined && <p className="font-medium text-text">{title}</p>}
        {children !== undefined && (
          <div className="text-muted [&_a]:text-accent [&_a]:underline">{children}</div>
        )}
      </div>
      {action}
    </div>
  )
}
