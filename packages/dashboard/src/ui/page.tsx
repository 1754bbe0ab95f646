/** How every page is laid out: a heading that takes the focus at navigation, sections, and lists of facts. */
import { Link, type LinkProps } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { useDocumentTitle } from '../lib/document-title.ts'
import { classNames } from './class-names.ts'

interface PageProps {
  title: ReactNode
  /** What the browser's tab says when the title isn't plain text. */
  documentTitle?: string
  description?: ReactNode
  actions?: ReactNode
  /** Where one comes from: shown above the title. */
  back?: { label: string } & Pick<LinkProps, 'to' | 'params' | 'search'>
  /** The head stays in sight while the page is scrolled. */
  isHeadPinned?: boolean
  /** Wide pages use all the room there is. */
  width?: 'normal' | 'wide'
  children: ReactNode
}

export function Page({
  title,
  documentTitle,
  description,
  actions,
  back,
  isHeadPinned = false,
  width = 'normal',
  children,
}: PageProps) {
  useDocumentTitle(documentTitle ?? (typeof title === 'string' ? title : undefined))
  return (
    <div
      className={classNames('mx-auto w-full px-4 py-6 sm:px-8', width === 'wide' ? 'max-w-7xl' : 'max-w-5xl')}
    >
      <header
        className={classNames(
          'mb-6',
          isHeadPinned &&
            'sticky top-12 z-10 -mx-4 -mt-6 border-b bg-page px-4 py-4 sm:-mx-8 sm:px-8 md:top-0',
        )}
      >
        {back !== undefined && (
          <Link
            to={back.to}
            params={back.params}
            search={back.search}
            className="mb-2 -ml-1 inline-flex items-center gap-0.5 rounded-sm py-0.5 pr-1 text-sm text-muted hover:text-text"
          >
            <ChevronLeft size={14} aria-hidden />
            {back.label}
          </Link>
        )}
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0 flex-1 basis-64">
            <h1 tabIndex={-1} className="text-xl font-semibold tracking-tight text-balance">
              {title}
            </h1>
            {description !== undefined && (
              <div className="mt-1 max-w-2xl text-sm text-pretty text-muted">{description}</div>
            )}
          </div>
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
      </header>
      <div className="flex flex-col gap-8">{children}</div>
    </div>
  )
}

interface SectionProps {
  title: ReactNode
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Section({ title, description, actions, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {description !== undefined && (
            <div className="mt-0.5 max-w-2xl text-sm text-pretty text-muted">{description}</div>
          )}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  )
}

/** A box for what belongs together. */
export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={classNames('rounded-lg border bg-surface p-4', className)}>{children}</div>
}

export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="grid gap-x-8 gap-y-4 rounded-lg border bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3">
      {items.map(({ label, value }) => (
        <div key={label} className="min-w-0">
          <dt className="text-xs text-faint">{label}</dt>
          <dd className="mt-0.5 min-w-0 text-sm wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
