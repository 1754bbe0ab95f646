/** `/forgot-password`: a link by mail, or how to get one where the server can't send any. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { auth } from './auth.ts'
import { authConfigQuery } from './queries.ts'
import { SignInFrame } from './sign-in-frame.tsx'
import { TextLink } from './text-link.tsx'

export function ForgotPasswordPage() {
  const config = useQuery(authConfigQuery)
  return (
    <SignInFrame title="Reset your password" footer={<TextLink to="/sign-in">Back to sign in</TextLink>}>
      {config.isPending && <Skeleton className="h-24 w-full" />}
      {config.error !== null && <ErrorNotice error={config.error} onRetry={() => config.refetch()} />}
      {config.data?.can_send_mail === true && <ResetByMail />}
      {config.data?.can_send_mail === false && <ResetByCommand />}
    </SignInFrame>
  )
}

function ResetByMail() {
  const [email, setEmail] = useState('')
  const request = useMutation({ mutationFn: () => auth.requestPasswordReset(email.trim()) })
  if (request.isSuccess)
    return (
      <Notice tone="success" title="Look into your mail">
        If {email.trim()} has an account here, a link to choose a new password is on its way. It works once,
        for an hour.
      </Notice>
    )
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        request.mutate()
      }}
    >
      <p className="text-muted">We mail you a link to choose a new one.</p>
      <Field label="E-mail">
        <TextInput
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus
          maxLength={254}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      {request.error !== null && <ErrorNotice error={request.error} />}
      <Button type="submit" variant="primary" isBusy={request.isPending}>
        Send the link
      </Button>
    </form>
  )
}

function ResetByCommand() {
  return (
    <>
      <p className="text-muted">
        This server has no mail set up. Whoever runs it can make a link for you, in the folder of AgentClara:
      </p>
      <CodeBlock language="bash" code="npm run -s admin -- users reset-password --email you@example.com" />
      <p className="text-muted">Open the link that it prints, and choose a new password.</p>
    </>
  )
}
