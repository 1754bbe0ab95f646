/** `/invite#token`: who invites where and as what; then sign in or up, and accept. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../../lib/api.ts'
import { rememberWorkspace } from '../../lib/workspace.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { rolesQuery } from '../members/queries.ts'
import { AccountForm } from './account-form.tsx'
import { auth } from './auth.ts'
import { enterDashboard } from './enter.ts'
import { forgetInvitationToken, moveInvitationToken, readInvitationToken } from './invitation-token.ts'
import { invitationLookupQuery, signedInEmailQuery } from './invite-queries.ts'
import { PasswordForm } from './password-form.tsx'
import { SignInFrame } from './sign-in-frame.tsx'
import { TextLink } from './text-link.tsx'

export function InvitePage() {
  const [token] = useState(readInvitationToken)
  useEffect(moveInvitationToken, [])
  if (token === undefined)
    return (
      <SignInFrame title="This link is not complete" footer={<TextLink to="/sign-in">Sign in</TextLink>}>
        <p className="text-muted">Open the whole link of the invitation, as it was sent to you.</p>
      </SignInFrame>
    )
  return <Invitation token={token} />
}

function Invitation({ token }: { readonly token: string }) {
  const lookup = useQuery(invitationLookupQuery(token))
  const signedInAs = useQuery(signedInEmailQuery)
  const roles = useQuery(rolesQuery)
  const error = lookup.error ?? signedInAs.error
  if (error !== null)
    return (
      <SignInFrame title="Your invitation" footer={<TextLink to="/sign-in">Sign in</TextLink>}>
        <ErrorNotice error={error} />
      </SignInFrame>
    )
  if (lookup.data === undefined || signedInAs.data === undefined)
    return (
      <SignInFrame title="Your invitation">
        <Skeleton className="h-5 w-full" />
        <Skeleton className="h-9 w-full" />
      </SignInFrame>
    )
  const { workspace_name: workspace, invited_by: inviter, role, email, has_account: hasAccount } = lookup.data
  const does = roles.data?.find(({ name }) => name === role)?.description
  return (
    <SignInFrame
      title={`Join ${workspace}`}
      description={[`${inviter ?? 'Somebody'} invites you as ${role}.`, does].filter(Boolean).join(' ')}
    >
      <Acceptance
        token={token}
        email={email}
        hasAccount={hasAccount}
        signedInAs={signedInAs.data}
        workspace={workspace}
      />
    </SignInFrame>
  )
}

interface AcceptanceProps {
  readonly token: string
  readonly email: string
  readonly hasAccount: boolean
  readonly signedInAs: string | null
  readonly workspace: string
}

function Acceptance({ token, email, hasAccount, signedInAs, workspace }: AcceptanceProps) {
  const join = async () => {
    const { workspace: joined } = await api.invitations.accept({ token })
    forgetInvitationToken()
    rememberWorkspace(joined.id)
    enterDashboard('/')
  }
  if (signedInAs !== null && signedInAs.toLowerCase() === email.toLowerCase())
    return <JoinButton email={email} workspace={workspace} join={join} />
  if (signedInAs !== null) return <WrongAccount signedInAs={signedInAs} email={email} />
  if (hasAccount)
    return (
      <>
        <p className="text-muted">You have an account with this address: sign in to join.</p>
        <PasswordForm email={email} next="/invite" submitLabel="Sign in and join" onSignedIn={join} />
      </>
    )
  return (
    <AccountForm invitation={{ token, email }} submitLabel={`Create account and join`} onSignedUp={join} />
  )
}

function JoinButton({
  email,
  workspace,
  join,
}: {
  readonly email: string
  readonly workspace: string
  readonly join: () => Promise<void>
}) {
  const accept = useMutation({ mutationFn: join })
  return (
    <>
      <p className="text-muted">
        You are signed in as <strong className="font-medium text-text">{email}</strong>.
      </p>
      {accept.error !== null && <ErrorNotice error={accept.error} />}
      <Button variant="primary" isBusy={accept.isPending || accept.isSuccess} onClick={() => accept.mutate()}>
        Join {workspace}
      </Button>
    </>
  )
}

function WrongAccount({ signedInAs, email }: { readonly signedInAs: string; readonly email: string }) {
  const signOut = useMutation({ mutationFn: auth.signOut, onSuccess: () => globalThis.location.reload() })
  return (
    <>
      <Notice tone="warning" title="This invitation is for another address">
        It was sent to {email}, and you are signed in as {signedInAs}. Sign out to go on as {email}, or ask
        for an invitation to {signedInAs}.
      </Notice>
      {signOut.error !== null && <ErrorNotice error={signOut.error} />}
      <Button
        variant="secondary"
        isBusy={signOut.isPending || signOut.isSuccess}
        onClick={() => signOut.mutate()}
      >
        Sign out and go on
      </Button>
    </>
  )
}
