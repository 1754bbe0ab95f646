/** A long list in a frame of its own: only the rows in sight exist. Asks for more before its end is reached. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import { classNames } from './class-names.ts'

interface VirtualListProps<T> {
  label: string
  items: readonly T[]
  keyOf: (item: T) => string
  /** Of a row; on narrow screens rows may be taller. */
  rowHeight: number
  renderRow: (item: T) => ReactNode
  /** Stands above the rows, and stays. */
  header?: ReactNode
  /** Called when the last rows come into sight. */
  onEnd?: () => void
  /** Whether the first row is in sight. */
  onTopChange?: (isAtTop: boolean) => void
  footer?: ReactNode
}

export function VirtualList<T>(props: VirtualListProps<T>) {
  const { label, items, keyOf, rowHeight, renderRow, header, onEnd, onTopChange, footer } = props
  const frame = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    getItemKey: (at) => keyOf(items[at] as T), // asked for rows that there are
    overscan: 12,
  })
  const shown = virtualizer.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (items.length > 0 && lastShown >= items.length - 5) onEnd?.()
  }, [lastShown, items.length, onEnd])
  return (
    <div
      ref={frame}
      className="max-h-[max(24rem,calc(100dvh-13.5rem))] overflow-auto rounded-lg border bg-surface"
      onScroll={(event) => onTopChange?.(event.currentTarget.scrollTop < rowHeight)}
    >
      {header}
      <ul aria-label={label} className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {shown.map((row) => {
          const item = items[row.index]
          return (
            <li
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={row.index}
              className={classNames('absolute inset-x-0 top-0', row.index < items.length - 1 && 'border-b')}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {item !== undefined && renderRow(item)}
            </li>
          )
        })}
      </ul>
      {footer}
    </div>
  )
}
