/** Short words about what just happened: `toast.success('Key created')`. They go by themselves; nothing is said only here. */
import { Toast } from '@base-ui/react/toast'

export interface ToastData {
  undo?: () => unknown
}

export const toastManager = Toast.createToastManager<ToastData>()

const SHORT_MS = 4_000
const LONG_MS = 8_000

export const toast = {
  success(title: string, description?: string): void {
    toastManager.add({ type: 'success', title, description, timeout: SHORT_MS })
  },
  error(title: string, description?: string): void {
    toastManager.add({ type: 'error', title, description, timeout: LONG_MS, priority: 'high' })
  },
  /** With a button that takes it back. */
  undo(title: string, undo: () => unknown): void {
    toastManager.add({ type: 'success', title, timeout: LONG_MS, data: { undo } })
  },
}
