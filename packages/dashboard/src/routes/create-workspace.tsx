import { createFileRoute } from '@tanstack/react-router'
import { CreateWorkspacePage } from '../features/sign-in/create-workspace-page.tsx'

export const Route = createFileRoute('/create-workspace')({ component: CreateWorkspacePage })
