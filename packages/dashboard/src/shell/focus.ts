/**
 * After going to another page the focus is on its heading, so that it is read out and Tab goes on from there. A page that
 * draws another heading once its data is there keeps the focus on that one, as long as nobody did anything else.
 */
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

/** Data that comes later than this finds someone who went on. */
const FOLLOWED_MS = 10_000

export function useFocusAfterNavigation(): void {
  const router = useRouter()
  useEffect(() => {
    let stop: (() => void) | undefined
    const unsubscribe = router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
      if (!pathChanged || fromLocation === undefined) return
      stop?.()
      stop = keepOnHeading()
    })
    return () => {
      stop?.()
      unsubscribe()
    }
  }, [router])
}

function focusHeading(): void {
  document.querySelector<HTMLElement>('h1[tabindex="-1"]')?.focus({ preventScroll: true })
}

/** Returns what ends it. */
function keepOnHeading(): () => void {
  focusHeading()
  const ended = new AbortController()
  const end = () => ended.abort()
  // The focus falls back to the body when what had it is gone.
  const observer = new MutationObserver(() => document.activeElement === document.body && focusHeading())
  observer.observe(document.body, { childList: true, subtree: true })
  const timer = setTimeout(end, FOLLOWED_MS)
  for (const doing of ['keydown', 'pointerdown'])
    document.addEventListener(doing, end, { signal: ended.signal, capture: true })
  ended.signal.addEventListener('abort', () => {
    observer.disconnect()
    clearTimeout(timer)
  })
  return end
}
