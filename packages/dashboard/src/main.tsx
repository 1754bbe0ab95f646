/** The dashboard's start: what the first page needs is asked for at once, side by side, then everything is drawn. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ProofProvider } from './lib/proof.tsx'
import { queryClient } from './lib/query-client.ts'
import { preloadFirstPage, router } from './router.tsx'
import { applyTheme } from './shell/theme.ts'

applyTheme()
preloadFirstPage()

// Browsers keep pages as they were for going back, and whoever this one was drawn for may have signed out since.
globalThis.addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return
  document.documentElement.hidden = true
  globalThis.location.reload()
})

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no #root.')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ProofProvider>
        <RouterProvider router={router} />
      </ProofProvider>
    </QueryClientProvider>
  </StrictMode>,
)
