import { createFileRoute } from '@tanstack/react-router'
import { WorkspacePage } from '../../../features/workspace/workspace-page.tsx'

export const Route = createFileRoute('/_shell/settings/workspace')({ component: WorkspacePage })
