import { createFileRoute } from '@tanstack/react-router'
import { MembersPage } from '../../../features/members/members-page.tsx'

export const Route = createFileRoute('/_shell/settings/members')({
  validateSearch: ({ create }: Record<string, unknown>): { create?: true } =>
    create === true ? { create } : {},
  component: MembersPage,
})
