/** Changing one's password. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Checkbox, Field, PasswordInput } from '../../ui/field.tsx'
import { Section } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.ts'
import { auth } from '../sign-in/auth.ts'
import { NewPasswordField } from '../sign-in/new-password-field.tsx'
import { sessionsQuery } from './queries.ts'

export function PasswordSection() {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Section
      title="Password"
      description="You sign in with it, and confirm with it what matters."
      actions={<Button onClick={() => setIsOpen(true)}>Change password</Button>}
    >
      {isOpen && <ChangePasswordDialog onClose={() => setIsOpen(false)} />}
    </Section>
  )
}

function ChangePasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient()
  const formId = useId()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [signsOthersOut, setSignsOthersOut] = useState(true)
  const change = useMutation({
    mutationFn: () => auth.changePassword(current, password, signsOthersOut),
    onSuccess: () => {
      toast.success('Password changed', signsOthersOut ? 'Your other devices are signed out.' : undefined)
      onClose()
      return queryClient.invalidateQueries(sessionsQuery)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Change your password"
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={change.isPending}>
            Change password
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <Field label="Current password">
          <PasswordInput
            name="current-password"
            autoComplete="current-password"
            required
            autoFocus
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
        <NewPasswordField label="New password" value={password} onChange={setPassword} />
        <Checkbox
          label="Sign out my other devices"
          description="Whoever knew the old password is out at once."
          checked={signsOthersOut}
          onChange={setSignsOthersOut}
        />
        {change.error !== null && <ErrorNotice error={change.error} />}
      </form>
    </Dialog>
  )
}
