import { createFileRoute } from '@tanstack/react-router'
import { parseNextSearch } from '../features/sign-in/next-path.ts'
import { SignInPage } from '../features/sign-in/sign-in-page.tsx'

export const Route = createFileRoute('/sign-in')({ validateSearch: parseNextSearch, component: SignInPage })
