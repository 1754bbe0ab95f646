/** `/create-workspace`: the first one of a person who has none, or one more. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { isSignedOut } from '../../lib/errors.ts'
import { meQuery } from '../../lib/session.ts'
import { rememberWorkspace } from '../../lib/workspace.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { CreateWorkspaceFooter } from './create-workspace-footer.tsx'
import { enterDashboard } from './enter.ts'
import { SignInFrame } from './sign-in-frame.tsx'

export function CreateWorkspacePage() {
  const me = useQuery(meQuery)
  const [name, setName] = useState('')
  const create = useMutation({
    mutationFn: () => api.workspaces.create({ name: name.trim() }),
    onSuccess: ({ id }) => {
      rememberWorkspace(id)
      enterDashboard('/welcome')
    },
  })
  if (isSignedOut(me.error)) return <Navigate to="/sign-in" search={{ next: '/create-workspace' }} replace />
  return (
    <SignInFrame
      title="Name your workspace"
      description="One business: its customers, its conversations, its keys. You can rename it later, and invite others."
      footer={me.data !== undefined && <CreateWorkspaceFooter me={me.data} />}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Field label="Name of the business">
          <TextInput
            name="organization"
            autoComplete="organization"
            required
            autoFocus
            maxLength={100}
            pattern=".*\S.*"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {create.error !== null && <ErrorNotice error={create.error} />}
        <Button type="submit" variant="primary" isBusy={create.isPending || create.isSuccess}>
          Create workspace
        </Button>
      </form>
    </SignInFrame>
  )
}
