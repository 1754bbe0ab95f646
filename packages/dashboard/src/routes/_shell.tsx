/** Every page inside the shell: only for who is signed in and has a workspace. */
import { createFileRoute, redirect } from '@tanstack/react-router'
import { isSignedOut } from '../lib/errors.ts'
import { meQuery } from '../lib/session.ts'
import { Shell } from '../shell/shell.tsx'

export const Route = createFileRoute('/_shell')({
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery).catch((error: unknown) => {
      if (!isSignedOut(error)) throw error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    })
    if (me.workspace === null) throw redirect({ to: '/create-workspace' })
  },
  component: Shell,
})
