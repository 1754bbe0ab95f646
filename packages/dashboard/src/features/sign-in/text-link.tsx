/** A link within a sentence. */
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export function TextLink({ children, ...props }: LinkProps & { readonly children: ReactNode }) {
  return (
    <Link
      {...props}
      className="font-medium text-accent underline decoration-line-strong underline-offset-4 hover:decoration-current"
    >
      {children}
    </Link>
  )
}
