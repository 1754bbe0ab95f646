/** Tabs over what they show. Arrow keys go along them; only the chosen one is in the tab order. */
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import { classNames } from './class-names.ts'
import type { Option } from './field.tsx'

interface TabsProps<T extends string> {
  value: T
  onChange: (value: T) => void
  items: readonly Option<T>[]
  label?: string
  /** What the chosen tab shows. */
  children?: ReactNode
}

export function Tabs<T extends string>({ value, onChange, items, label, children }: TabsProps<T>) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const go = (event: KeyboardEvent) => {
    const at = items.findIndex((item) => item.value === value)
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1 + items.length,
      Home: 0,
      End: items.length - 1,
    }
    const step = steps[event.key]
    const next = step === undefined ? undefined : items[step % items.length]
    if (next === undefined) return
    event.preventDefault()
    onChange(next.value)
    list.current?.querySelector<HTMLElement>(`[data-value="${CSS.escape(next.value)}"]`)?.focus()
  }
  return (
    <>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={go}
        className="flex max-w-full gap-1 overflow-x-auto border-b"
      >
        {items.map((item) => (
          <button
            key={item.value}
            type="button"
            role="tab"
            id={`${id}-${item.value}`}
            data-value={item.value}
            aria-selected={item.value === value}
            aria-controls={children === undefined ? undefined : `${id}-panel`}
            tabIndex={item.value === value ? 0 : -1}
            onClick={() => onChange(item.value)}
            className={classNames(
              '-mb-px border-b-2 px-2.5 py-2 text-sm whitespace-nowrap focus-visible:-outline-offset-2',
              item.value === value
                ? 'border-accent font-medium text-text'
                : 'border-transparent text-muted hover:text-text',
            )}
          >
            {item.label}
          </button>
        ))}
      </div>
      {children !== undefined && (
        <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${value}`} className="pt-4">
          {children}
        </div>
      )}
    </>
  )
}
