/** One's name, and the address that one signs in with. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Card } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.ts'
import { auth } from '../sign-in/auth.ts'

export function PersonForm({ user }: { readonly user: { readonly name: string; readonly email: string } }) {
  const queryClient = useQueryClient()
  const [name, setName] = useState(user.name)
  const save = useMutation({
    mutationFn: () => auth.updateName(name.trim()),
    onSuccess: async () => {
      // Members and histories show the name as well.
      await queryClient.invalidateQueries()
      toast.success('Name saved')
    },
  })
  return (
    <Card>
      <form
        className="flex max-w-lg flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Field label="Name">
          <TextInput
            autoComplete="name"
            required
            maxLength={100}
            pattern=".*\S.*"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label="E-mail"
          hint="You sign in with it, and invitations are sent to it. It can’t be changed."
        >
          <TextInput type="email" readOnly value={user.email} className="text-muted" />
        </Field>
        {save.error !== null && <ErrorNotice error={save.error} />}
        <div>
          <Button type="submit" isBusy={save.isPending} disabled={name.trim() === user.name}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  )
}
