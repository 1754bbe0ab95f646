/** The way out of naming a workspace: back to those that one has, or out. */
import { useMutation } from '@tanstack/react-query'
import type { Me } from '../../lib/session.ts'
import { signOut } from '../../shell/sign-out.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextLink } from './text-link.tsx'

export function CreateWorkspaceFooter({ me }: { readonly me: Me }) {
  const leave = useMutation({ mutationFn: signOut })
  if (me.workspace !== null)
    return (
      <p>
        <TextLink to="/">Back to {me.workspace.name}</TextLink>
      </p>
    )
  return (
    <>
      <p>
        You are signed in as {me.user.email}, and in no workspace. Were you invited to one? Open the link of
        the invitation.
      </p>
      {leave.error !== null && <ErrorNotice error={leave.error} />}
      <div>
        <Button size="sm" isBusy={leave.isPending || leave.isSuccess} onClick={() => leave.mutate()}>
          Sign out
        </Button>
      </div>
    </>
  )
}
