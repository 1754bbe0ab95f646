/** What pages outside the shell share: the mark, one column, one heading. */
import type { ReactNode } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import iconUrl from '../../shell/icon.svg'

interface SignInFrameProps {
  readonly title: string
  readonly description?: ReactNode
  readonly children: ReactNode
  readonly footer?: ReactNode
}

export function SignInFrame({ title, description, children, footer }: SignInFrameProps) {
  useDocumentTitle(title)
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[25rem] flex-col px-5 pt-[12vh] pb-12">
      <div className="mb-8 flex items-center gap-2 font-medium">
        <img src={iconUrl} alt="" width={24} height={24} />
        AgentClara
      </div>
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      {description !== undefined && <p className="mt-1.5 text-muted">{description}</p>}
      <div className="mt-6 flex flex-col gap-4">{children}</div>
      {footer !== undefined && footer !== false && (
        <footer className="mt-8 flex flex-col gap-2 border-t border-line pt-5 text-sm text-muted">
          {footer}
        </footer>
      )}
    </main>
  )
}
