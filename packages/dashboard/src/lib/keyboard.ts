/**
 * Shortcuts: single keys (`c`), two in a row (`g k`), and with the command key (`mod+k`: ⌘ on a Mac, Ctrl elsewhere).
 * While a shortcut's component is mounted it works, and `?` lists it. Nothing fires while someone types or a dialog is open.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react'

export interface Shortcut {
  keys: string
  /** What it does, as the list of shortcuts says it. */
  label: string
  group?: string
}

interface Registered extends Shortcut {
  run: () => void
}

const SEQUENCE_MS = 1_200

const registered = new Set<Registered>()
let listed: readonly Shortcut[] = []
const listeners = new Set<() => void>()
let pressedBefore: { key: string; atMs: number } | null = null

function changed(): void {
  listed = [...registered]
  for (const listener of listeners) listener()
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
}

function isOverlayOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const hasModifier = event.metaKey || event.ctrlKey
  if (!hasModifier && (isTyping(event.target) || isOverlayOpen())) return
  const before =
    pressedBefore !== null && event.timeStamp - pressedBefore.atMs < SEQUENCE_MS ? pressedBefore.key : null
  const candidates = hasModifier ? [`mod+${key}`] : before === null ? [key] : [`${before} ${key}`, key]
  pressedBefore = hasModifier ? null : { key, atMs: event.timeStamp }
  // The latest mounted wins: a page's shortcut over the shell's.
  const all = [...registered].reverse()
  for (const keys of candidates) {
    const shortcut = all.find((each) => each.keys === keys)
    if (shortcut === undefined) continue
    event.preventDefault()
    pressedBefore = null
    shortcut.run()
    return
  }
}

/** `isOn` false: it isn't there, for example because the person may not write. */
export function useShortcut({ keys, label, group }: Shortcut, run: () => void, isOn = true): void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    if (!isOn) return
    const entry: Registered = {
      keys,
      label,
      ...(group !== undefined && { group }),
      run: () => latest.current(),
    }
    if (registered.size === 0) globalThis.addEventListener('keydown', onKeyDown)
    registered.add(entry)
    changed()
    return () => {
      registered.delete(entry)
      if (registered.size === 0) globalThis.removeEventListener('keydown', onKeyDown)
      changed()
    }
  }, [keys, label, group, isOn])
}

/** All shortcuts that work now. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => listed,
  )
}

const isMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '')

/** The keys as they are shown, one by one: `mod+k` is ⌘ K on a Mac and Ctrl K elsewhere. */
export function shownKeys(keys: string): string[] {
  return keys
    .split(/[ +]/)
    .map((key) => (key === 'mod' ? (isMac ? '⌘' : 'Ctrl') : key.length === 1 ? key.toUpperCase() : key))
}
