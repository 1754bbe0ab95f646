/** `/sign-in`: by password, or by a passkey, which the e-mail field suggests as well. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useEffect } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { enterDashboard } from './enter.ts'
import { nextSearch, safeNextPath } from './next-path.ts'
import {
  arePasskeysSupported,
  offerPasskeysInField,
  signInWithPasskey,
  stopOfferingPasskeys,
} from './passkeys.ts'
import { PasswordForm } from './password-form.tsx'
import { authConfigQuery } from './queries.ts'
import { SignInFrame } from './sign-in-frame.tsx'
import { TextLink } from './text-link.tsx'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const next = safeNextPath(route.useSearch().next)
  const config = useQuery(authConfigQuery)
  const passkey = useMutation({
    mutationFn: signInWithPasskey,
    onSuccess: (isSignedIn) => {
      if (isSignedIn) enterDashboard(next)
    },
  })
  const isFirst = config.data?.is_first_user === true
  usePasskeySuggestions(next, !isFirst)
  if (isFirst) return <Navigate to="/sign-up" search={nextSearch(next)} replace />
  return (
    <SignInFrame
      title="Sign in"
      footer={
        config.data?.sign_up === 'open' ? (
          <p>
            No account yet?{' '}
            <TextLink to="/sign-up" search={nextSearch(next)}>
              Create one
            </TextLink>
          </p>
        ) : (
          <p>No account yet? Ask an owner or admin of your workspace for an invitation.</p>
        )
      }
    >
      <PasswordForm next={next} submitLabel="Sign in" onSignedIn={() => enterDashboard(next)} />
      {arePasskeysSupported() && (
        <>
          <Button
            type="button"
            variant="secondary"
            icon={<KeyRound size={15} aria-hidden />}
            isBusy={passkey.isPending}
            onClick={() => passkey.mutate()}
          >
            Sign in with a passkey
          </Button>
          {passkey.error !== null && <ErrorNotice error={passkey.error} />}
        </>
      )}
      <p className="text-sm">
        <TextLink to="/forgot-password">Forgot your password?</TextLink>
      </p>
    </SignInFrame>
  )
}

/** Passkeys among the suggestions of the e-mail field, until the page is left. What fails here failed unasked: no word of it. */
function usePasskeySuggestions(next: string, isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return
    let isHere = true
    offerPasskeysInField().then(
      (isSignedIn) => {
        if (isSignedIn && isHere) enterDashboard(next)
      },
      () => undefined,
    )
    return () => {
      isHere = false
      void stopOfferingPasskeys()
    }
  }, [next, isWanted])
}
