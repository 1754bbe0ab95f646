/** Name, e-mail and password of somebody new; an invitation knows the address already. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { auth } from './auth.ts'
import { NewPasswordField } from './new-password-field.tsx'

interface AccountFormProps {
  readonly invitation?: { readonly token: string; readonly email: string }
  readonly submitLabel: string
  readonly onSignedUp: () => Promise<void> | void
}

export function AccountForm({ invitation, submitLabel, onSignedUp }: AccountFormProps) {
  const [name, setName] = useState('')
  const [typedEmail, setTypedEmail] = useState('')
  const [password, setPassword] = useState('')
  const email = invitation?.email ?? typedEmail
  const signUp = useMutation({
    mutationFn: async () => {
      const person = { name: name.trim(), email: email.trim(), password }
      await auth.signUp(invitation === undefined ? person : { ...person, invitation: invitation.token })
      await onSignedUp()
    },
  })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        signUp.mutate()
      }}
    >
      <Field label="Your name">
        <TextInput
          name="name"
          autoComplete="name"
          required
          autoFocus
          maxLength={100}
          pattern=".*\S.*"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label="E-mail">
        <TextInput
          type="email"
          name="email"
          autoComplete="username"
          required
          maxLength={254}
          readOnly={invitation !== undefined}
          value={email}
          onChange={(event) => setTypedEmail(event.target.value)}
        />
      </Field>
      <NewPasswordField label="Password" value={password} onChange={setPassword} />
      {signUp.error !== null && <ErrorNotice error={signUp.error} />}
      <Button type="submit" variant="primary" isBusy={signUp.isPending || signUp.isSuccess}>
        {submitLabel}
      </Button>
    </form>
  )
}
