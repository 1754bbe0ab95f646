/**
 * A few words about what the pointer or the keyboard is on. Never the only place where something is said: it is hidden
 * from those who listen.
 */
import { type ReactElement, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'

type Side = 'top' | 'bottom' | 'left' | 'right'

interface TooltipProps {
  content: ReactNode
  /** One element. */
  children: ReactElement
  side?: Side
}

const DELAY_MS = 400
const GAP_PX = 6
/** Between it and the edge of the window. */
const MARGIN_PX = 8

export function Tooltip({ content, children, side = 'top' }: TooltipProps) {
  const wrapper = useRef<HTMLSpanElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [target, setTarget] = useState<Element | null>(null)
  const show = () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setTarget(wrapper.current?.firstElementChild ?? null), DELAY_MS)
  }
  const hide = () => {
    clearTimeout(timer.current)
    setTarget(null)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has no box and does nothing; it watches what is inside it
    <span
      ref={wrapper}
      className="contents"
      onPointerEnter={(event) => event.pointerType !== 'touch' && show()}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(':focus-visible') && show()}
      onBlur={hide}
    >
      {children}
      {target !== null && (
        <Words target={target} side={side} onHide={hide}>
          {content}
        </Words>
      )}
    </span>
  )
}

interface WordsProps {
  target: Element
  side: Side
  onHide: () => void
  children: ReactNode
}

function Words({ target, side, onHide, children }: WordsProps) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (box.current === null) return
    const { left, top } = placeBeside(
      target.getBoundingClientRect(),
      box.current.getBoundingClientRect(),
      side,
    )
    box.current.style.left = `${left}px`
    box.current.style.top = `${top}px`
  }, [target, side])
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent) => key === 'Escape' && onHide()
    document.addEventListener('keydown', onKeyDown)
    document.addEventListener('scroll', onHide, { capture: true, passive: true })
    return () => {
      document.removeEventListener('keydown', onKeyDown)
      document.removeEventListener('scroll', onHide, { capture: true })
    }
  }, [onHide])
  return createPortal(
    <div
      ref={box}
      aria-hidden
      className="pointer-events-none fixed top-0 left-0 z-50 w-max max-w-72 animate-appear rounded-md border border-line-strong bg-raised px-2 py-1 text-xs text-text shadow-popup"
    >
      {children}
    </div>,
    document.body,
  )
}

/** On the side that was asked for, on the other one where there is no room, and always within the window. */
function placeBeside(target: DOMRect, box: DOMRect, side: Side): { left: number; top: number } {
  const { innerWidth, innerHeight } = globalThis
  const isBeside = side === 'left' || side === 'right'
  let left = isBeside
    ? side === 'left'
      ? target.left - box.width - GAP_PX
      : target.right + GAP_PX
    : target.left + (target.width - box.width) / 2
  let top = isBeside
    ? target.top + (target.height - box.height) / 2
    : side === 'top'
      ? target.top - box.height - GAP_PX
      : target.bottom + GAP_PX
  if (!isBeside && top < MARGIN_PX) top = target.bottom + GAP_PX
  if (!isBeside && top + box.height > innerHeight - MARGIN_PX) top = target.top - box.height - GAP_PX
  left = Math.max(MARGIN_PX, Math.min(left, innerWidth - box.width - MARGIN_PX))
  return { left, top }
}
