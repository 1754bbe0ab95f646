/** `/two-factor`: the code that is due after the password. */
import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Checkbox, Field, TextInput } from '../../ui/field.tsx'
import { auth } from './auth.ts'
import { enterDashboard } from './enter.ts'
import { nextSearch, safeNextPath } from './next-path.ts'
import { readSecondFactor } from './second-factor.ts'
import { SignInFrame } from './sign-in-frame.tsx'
import { TextLink } from './text-link.tsx'

const route = getRouteApi('/two-factor')

export function TwoFactorPage() {
  const next = safeNextPath(route.useSearch().next)
  const [typed, setTyped] = useState('')
  const [isTrusted, setIsTrusted] = useState(false)
  const verify = useMutation({
    mutationFn: async () => {
      const { kind, code } = readSecondFactor(typed)
      if (kind === 'totp') await auth.verifyTotp(code, isTrusted)
      else await auth.verifyRecoveryCode(code, isTrusted)
    },
    onSuccess: () => enterDashboard(next),
    onError: () => setTyped(''),
  })
  return (
    <SignInFrame
      title="Enter your code"
      description="The six digits that your authenticator app shows for AgentClara, or one of your recovery codes."
      footer={
        <>
          <p>Without your device, a recovery code signs you in. Each works once.</p>
          <p>
            Lost those, too? Whoever runs this server can turn the second factor off:
            <code className="mt-1 block font-mono text-xs text-text">
              npm run -s admin -- users remove-two-factor --email you@example.com
            </code>
          </p>
          <p>
            <TextLink to="/sign-in" search={nextSearch(next)}>
              Sign in as somebody else
            </TextLink>
          </p>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          verify.mutate()
        }}
      >
        <Field label="Code">
          <TextInput
            name="code"
            autoComplete="one-time-code"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            required
            autoFocus
            maxLength={24}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        <Checkbox
          label="Trust this device for 30 days"
          description="No code is asked for here. Only on a device that is yours."
          checked={isTrusted}
          onChange={setIsTrusted}
        />
        {verify.error !== null && <ErrorNotice error={verify.error} />}
        <Button type="submit" variant="primary" isBusy={verify.isPending || verify.isSuccess}>
          Continue
        </Button>
      </form>
    </SignInFrame>
  )
}
