/** `/reset-password`: a new password, by the link that was mailed or printed. */
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { auth } from './auth.ts'
import { NewPasswordField } from './new-password-field.tsx'
import { SignInFrame } from './sign-in-frame.tsx'
import { TextLink } from './text-link.tsx'

export function ResetPasswordPage() {
  const [token] = useState(readResetToken)
  useEffect(clearAddress, [])
  if (token === undefined)
    return (
      <SignInFrame title="This link is not complete">
        <Notice tone="warning">
          Open the whole link of the mail, or <TextLink to="/forgot-password">ask for a new one</TextLink>.
        </Notice>
      </SignInFrame>
    )
  return <ResetForm token={token} />
}

function ResetForm({ token }: { readonly token: string }) {
  const [password, setPassword] = useState('')
  const reset = useMutation({ mutationFn: () => auth.resetPassword(token, password) })
  if (reset.isSuccess)
    return (
      <SignInFrame title="Your password is changed">
        <p className="text-muted">
          Every device that was signed in is signed out, in case somebody else was.
        </p>
        <p>
          <TextLink to="/sign-in">Sign in with the new password</TextLink>
        </p>
      </SignInFrame>
    )
  return (
    <SignInFrame
      title="Choose a new password"
      description="All devices that are signed in will be signed out."
      footer={<TextLink to="/forgot-password">Ask for a new link</TextLink>}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          reset.mutate()
        }}
      >
        <NewPasswordField label="New password" value={password} onChange={setPassword} autoFocus />
        {reset.error !== null && <ErrorNotice error={reset.error} />}
        <Button type="submit" variant="primary" isBusy={reset.isPending}>
          Change password
        </Button>
      </form>
    </SignInFrame>
  )
}

function readResetToken(): string | undefined {
  const { hash, search } = globalThis.location
  return hash.slice(1) || new URLSearchParams(search).get('token') || undefined
}

/** The token leaves the address at once: what stands there is seen over shoulders and kept in histories. */
function clearAddress(): void {
  globalThis.history.replaceState(globalThis.history.state, '', globalThis.location.pathname)
}
