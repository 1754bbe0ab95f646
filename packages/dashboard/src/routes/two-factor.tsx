import { createFileRoute } from '@tanstack/react-router'
import { parseNextSearch } from '../features/sign-in/next-path.ts'
import { TwoFactorPage } from '../features/sign-in/two-factor-page.tsx'

export const Route = createFileRoute('/two-factor')({
  validateSearch: parseNextSearch,
  component: TwoFactorPage,
})
