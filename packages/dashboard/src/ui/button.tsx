/** Buttons, and links that look like them. An icon alone always has a label, shown as a tooltip. */
import { createLink } from '@tanstack/react-router'
import { LoaderCircle } from 'lucide-react'
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from './class-names.ts'
import { Tooltip } from './tooltip.tsx'

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger'
type Size = 'sm' | 'md'

const variants: Record<Variant, string> = {
  primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-hover shadow-raised',
  secondary: 'border-line-strong bg-raised text-text hover:bg-hover shadow-raised',
  ghost: 'border-transparent text-muted hover:bg-hover hover:text-text',
  danger: 'border-transparent bg-danger text-on-accent hover:bg-danger-hover shadow-raised',
}

const sizes: Record<Size, string> = {
  sm: 'h-7 gap-1.5 px-2 text-sm pointer-coarse:h-9',
  md: 'h-8 gap-2 px-3 text-sm pointer-coarse:h-10',
}

const shape =
  'inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap select-none transition-colors duration-100 disabled:opacity-50 disabled:pointer-events-none aria-disabled:opacity-50'

interface Looks {
  variant?: Variant
  size?: Size
  icon?: ReactNode
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, Looks {
  /** It can't be pressed again while what it began isn't done. */
  isBusy?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function Button({
  variant = 'secondary',
  size = 'md',
  isBusy = false,
  icon,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      className={classNames(shape, variants[variant], sizes[size], className)}
      {...rest}
    >
      {isBusy ? <LoaderCircle size={14} className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  )
}

interface AnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement>, Looks {
  ref?: Ref<HTMLAnchorElement>
}

function ButtonAnchor({
  variant = 'secondary',
  size = 'md',
  icon,
  className,
  children,
  ...rest
}: AnchorProps) {
  return (
    <a className={classNames(shape, variants[variant], sizes[size], className)} {...rest}>
      {icon}
      {children}
    </a>
  )
}

/** A link to a page of the dashboard: `to`, `params` and `search` as of the router's Link. */
export const LinkButton = createLink(ButtonAnchor)

interface IconButtonProps extends ButtonProps {
  label: string
  icon: ReactNode
}

export function IconButton({
  label,
  icon,
  size = 'md',
  variant = 'ghost',
  className,
  ...rest
}: IconButtonProps) {
  const square = size === 'sm' ? 'w-7 pointer-coarse:w-9' : 'w-8 pointer-coarse:w-10'
  return (
    <Tooltip content={label}>
      <Button
        variant={variant}
        size={size}
        aria-label={label}
        className={classNames(square, 'px-0!', className)}
        icon={icon}
        {...rest}
      />
    </Tooltip>
  )
}
