/** After going to another page the focus is on its heading, so that it is read out and Tab goes on from there. */
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

export function useFocusAfterNavigation(): void {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || fromLocation === undefined) return
        const heading = document.querySelector<HTMLElement>('h1[tabindex="-1"]')
        heading?.focus({ preventScroll: true })
      }),
    [router],
  )
}
