/** Short words about what just happened: `toast.success('Key created')`. They go by themselves; nothing is said only here. */

export interface Toast {
  id: number
  tone: 'success' | 'danger'
  title: string
  description?: string | undefined
  /** With a button that takes it back. */
  undo?: (() => unknown) | undefined
  shownMs: number
}

const SHORT_MS = 4_000
const LONG_MS = 8_000
/** Older ones make room. */
const MAX_SHOWN = 4

let nextId = 0
let shown: readonly Toast[] = []
const listeners = new Set<() => void>()

function show(toasts: readonly Toast[]): void {
  shown = toasts
  for (const listener of listeners) listener()
}

function add(toast: Omit<Toast, 'id'>): void {
  show([...shown, { ...toast, id: nextId++ }].slice(-MAX_SHOWN))
}

export const toast = {
  success(title: string, description?: string): void {
    add({ tone: 'success', title, description, shownMs: SHORT_MS })
  },
  error(title: string, description?: string): void {
    add({ tone: 'danger', title, description, shownMs: LONG_MS })
  },
  undo(title: string, undo: () => unknown): void {
    add({ tone: 'success', title, undo, shownMs: LONG_MS })
  },
}

/** For `Toaster`. */
export const toasts = {
  get: () => shown,
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  dismiss(id: number): void {
    show(shown.filter((each) => each.id !== id))
  },
}
