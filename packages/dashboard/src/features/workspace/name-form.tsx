/** Renaming a workspace. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { ProofDeclined, useProof } from '../../lib/proof.tsx'
import { meQuery } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Card } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.ts'
import { workspacesQuery } from './queries.ts'

export function NameForm({
  workspace,
}: {
  readonly workspace: { readonly id: string; readonly name: string }
}) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  const [name, setName] = useState(workspace.name)
  const rename = useMutation({
    mutationFn: () => withProof(() => api.workspaces.update(workspace.id, { name: name.trim() })),
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries(meQuery),
        queryClient.invalidateQueries(workspacesQuery),
      ])
      toast.success('Workspace renamed')
    },
  })
  return (
    <Card>
      <form
        className="flex max-w-lg flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate()
        }}
      >
        <Field label="Name" hint="Members and invitations show it; customers don’t see it.">
          <TextInput
            autoComplete="organization"
            required
            maxLength={100}
            pattern=".*\S.*"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {rename.error !== null && !(rename.error instanceof ProofDeclined) && (
          <ErrorNotice error={rename.error} />
        )}
        <div>
          <Button type="submit" isBusy={rename.isPending} disabled={name.trim() === workspace.name}>
            Rename
          </Button>
        </div>
      </form>
    </Card>
  )
}
