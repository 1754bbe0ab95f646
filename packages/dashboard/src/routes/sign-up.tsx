import { createFileRoute } from '@tanstack/react-router'
import { parseNextSearch } from '../features/sign-in/next-path.ts'
import { SignUpPage } from '../features/sign-in/sign-up-page.tsx'

export const Route = createFileRoute('/sign-up')({ validateSearch: parseNextSearch, component: SignUpPage })
