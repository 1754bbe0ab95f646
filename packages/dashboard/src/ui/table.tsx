/**
 * Tables. On narrow screens each row becomes a card: a cell says its column's name where `label` is given.
 * A row with `to` is a link as a whole: its first cell holds the link, which covers the row.
 */
import { Link, type LinkProps } from '@tanstack/react-router'
import {
  createContext,
  type HTMLAttributes,
  type ReactNode,
  type TdHTMLAttributes,
  type ThHTMLAttributes,
  useContext,
} from 'react'
import { classNames } from './class-names.ts'

export function Table({ children, label }: { children: ReactNode; label: string }) {
  return (
    <div className="overflow-x-auto rounded-lg border bg-surface">
      <table className="w-full border-collapse text-left text-sm max-sm:block" aria-label={label}>
        {children}
      </table>
    </div>
  )
}

export function THead({ children }: { children: ReactNode }) {
  return (
    <thead className="border-b bg-sunken text-xs text-faint max-sm:sr-only">
      <tr>{children}</tr>
    </thead>
  )
}

export function Th({ className, ...rest }: ThHTMLAttributes<HTMLTableCellElement>) {
  return (
    <th scope="col" className={classNames('px-3 py-2 font-medium whitespace-nowrap', className)} {...rest} />
  )
}

export function TBody({ children }: { children: ReactNode }) {
  return <tbody className="max-sm:block">{children}</tbody>
}

/** Where a row leads: a page of the dashboard. */
type RowLink = Pick<LinkProps, 'to' | 'params' | 'search'>

const RowLinkContext = createContext<RowLink | null>(null)

interface TrProps extends Omit<HTMLAttributes<HTMLTableRowElement>, 'onClick'>, RowLink {}

export function Tr({ to, params, search, className, ...rest }: TrProps) {
  return (
    <RowLinkContext value={to === undefined ? null : { to, params, search }}>
      <tr
        className={classNames(
          'border-b last:border-b-0 max-sm:block max-sm:px-3 max-sm:py-2.5',
          to !== undefined && 'relative hover:bg-hover',
          className,
        )}
        {...rest}
      />
    </RowLinkContext>
  )
}

interface TdProps extends TdHTMLAttributes<HTMLTableCellElement> {
  /** The column's name, said on narrow screens. */
  label?: string
  /** The cell whose text is the row's link. */
  isLink?: boolean
  /** Buttons and menus: they stay above the row's link. */
  isAbove?: boolean
}

export function Td({ label, isLink = false, isAbove = false, className, children, ...rest }: TdProps) {
  const link = useContext(RowLinkContext)
  return (
    <td
      className={classNames(
        'px-3 py-2 align-middle max-sm:flex max-sm:min-w-0 max-sm:items-baseline max-sm:gap-3 max-sm:px-0 max-sm:py-0.5',
        isAbove && 'relative z-10',
        className,
      )}
      {...rest}
    >
      {label !== undefined && <span className="w-24 shrink-0 text-xs text-faint sm:hidden">{label}</span>}
      {isLink && link !== null ? (
        <Link
          {...link}
          className="min-w-0 font-medium text-text after:absolute after:inset-0 after:content-[''] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {children}
        </Link>
      ) : (
        children
      )}
    </td>
  )
}
