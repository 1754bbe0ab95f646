/** E-mail and password, and what a right pair leads to; an invitation knows the address already. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, PasswordInput, TextInput } from '../../ui/field.tsx'
import { auth } from './auth.ts'
import { nextSearch } from './next-path.ts'

interface PasswordFormProps {
  /** Set, and not to be changed, when an invitation is for this address. */
  readonly email?: string
  readonly next: string
  readonly submitLabel: string
  readonly onSignedIn: () => Promise<void> | void
}

export function PasswordForm({ email: fixedEmail, next, submitLabel, onSignedIn }: PasswordFormProps) {
  const navigate = useNavigate()
  const [typedEmail, setTypedEmail] = useState('')
  const [password, setPassword] = useState('')
  const email = fixedEmail ?? typedEmail
  const signIn = useMutation({
    mutationFn: async () => {
      const { isCodeDue } = await auth.signIn(email.trim(), password)
      if (isCodeDue) await navigate({ to: '/two-factor', search: nextSearch(next) })
      else await onSignedIn()
    },
  })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        signIn.mutate()
      }}
    >
      <Field label="E-mail">
        <TextInput
          type="email"
          name="email"
          autoComplete={fixedEmail === undefined ? 'username webauthn' : 'username'}
          required
          maxLength={254}
          readOnly={fixedEmail !== undefined}
          autoFocus={fixedEmail === undefined}
          value={email}
          onChange={(event) => setTypedEmail(event.target.value)}
        />
      </Field>
      <Field label="Password">
        <PasswordInput
          name="password"
          autoComplete="current-password"
          required
          autoFocus={fixedEmail !== undefined}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      {signIn.error !== null && <ErrorNotice error={signIn.error} />}
      <Button type="submit" variant="primary" isBusy={signIn.isPending || signIn.isSuccess}>
        {submitLabel}
      </Button>
    </form>
  )
}
