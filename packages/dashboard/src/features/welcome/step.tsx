/** One of the first steps: its number or tick, what it is, and what to do. */
import { Check } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { classNames } from '../../ui/class-names.ts'

interface StepProps {
  readonly number: number
  readonly title: string
  readonly description: ReactNode
  readonly isDone: boolean
  readonly children: ReactNode
}

export function Step({ number, title, description, isDone, children }: StepProps) {
  const id = useId()
  return (
    <li className="relative grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-4 pb-10 not-last:before:absolute not-last:before:top-8 not-last:before:bottom-1 not-last:before:left-[0.8125rem] not-last:before:w-px not-last:before:bg-line">
      <span
        className={classNames(
          'flex size-7 items-center justify-center rounded-full border text-sm font-medium tabular',
          isDone ? 'border-transparent bg-success-soft text-success' : 'bg-surface text-muted',
        )}
      >
        {isDone ? <Check size={15} strokeWidth={2.5} aria-hidden /> : number}
      </span>
      <section aria-labelledby={id} className="min-w-0">
        <h2 id={id} className="pt-0.5 font-semibold">
          {title}
          {isDone && <span className="sr-only"> (done)</span>}
        </h2>
        <div className="mt-0.5 text-sm text-muted">{description}</div>
        <div className="mt-3 flex flex-col gap-3">{children}</div>
      </section>
    </li>
  )
}
