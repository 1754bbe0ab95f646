/** Light, dark, or as the system is. */
import { useSyncExternalStore } from 'react'
import { remembered } from '../lib/remembered.ts'

export type Theme = 'system' | 'light' | 'dark'

const theme = remembered('theme')

function currentTheme(): Theme {
  const chosen = theme.get()
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

export function applyTheme(): void {
  const chosen = currentTheme()
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}

export function useTheme(): [theme: Theme, choose: (theme: Theme) => void] {
  const chosen = useSyncExternalStore(theme.subscribe, currentTheme)
  return [
    chosen,
    (next) => {
      theme.set(next === 'system' ? null : next)
      applyTheme()
    },
  ]
}
