/** The browser's tab says the page first: with many tabs open, only its beginning is read. */
import { useEffect } from 'react'

export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? 'AgentClara' : `${title} · AgentClara`
  }, [title])
}
