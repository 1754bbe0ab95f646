/** One side of a logged request: what was asked, or what was answered. */
import type { ReactNode } from 'react'
import { bytes } from '../../lib/format.ts'
import { HeaderList } from '../../ui/header-list.tsx'
import { JsonView } from '../../ui/json-view.tsx'

interface SideProps {
  title: string
  headers: Readonly<Record<string, string>>
  path?: string
  children: ReactNode
}

export function Side({ title, headers, path, children }: SideProps) {
  const entries = Object.entries(headers)
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2">
      <h3 className="text-sm font-semibold">{title}</h3>
      {path?.includes('?') === true && (
        <p className="rounded-lg border bg-surface px-3 py-2 font-mono text-xs wrap-anywhere">{path}</p>
      )}
      {entries.length > 0 && (
        <div className="rounded-lg border bg-surface">
          <HeaderList headers={entries} />
        </div>
      )}
      {children}
    </section>
  )
}

interface BodyProps {
  title: string
  body: string | null
  size: number | null
  isCut: boolean
  isWithheld: boolean
}

export function Body({ title, body, size, isCut, isWithheld }: BodyProps) {
  if (isWithheld) return null
  if (body === null || body === '') {
    const why = size === null || size === 0 ? 'No body.' : `${bytes(size)}, not kept.`
    return <p className="text-xs text-faint">{why}</p>
  }
  const note = [size !== null && bytes(size), isCut && 'the beginning'].filter(Boolean).join(', ')
  return <JsonView title={title} value={body} note={note} />
}
