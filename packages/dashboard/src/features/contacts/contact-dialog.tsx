/** The form of a contact, for a new one and for changes to one. */
import type { Contact } from '@agentclara/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { api } from '../../lib/api.ts'
import { errorAt } from '../../lib/errors.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import { bodyOf, type ContactDraft, draftOf, emptyDraft, type FieldDraft } from './contact-draft.ts'

interface ContactDialogProps {
  /** Without one, a new contact is made. */
  contact?: Contact
  onClose: () => void
  onSaved: (contact: Contact) => void
}

export function ContactDialog({ contact, onClose, onSaved }: ContactDialogProps) {
  const formId = useId()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState<ContactDraft>(() =>
    contact === undefined ? emptyDraft : draftOf(contact),
  )
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(draft, contact)
      return contact === undefined ? api.contacts.create(body) : api.contacts.update(contact.id, body)
    },
    onSuccess: async (saved) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['contacts'] }),
        queryClient.invalidateQueries({ queryKey: ['conversations'] }),
      ])
      onSaved(saved)
    },
  })
  const change = (changed: Partial<ContactDraft>) => setDraft((before) => ({ ...before, ...changed }))
  const at = (...params: string[]) =>
    params.map((param) => errorAt(save.error, param)).find((message) => message !== undefined)
  const errors = {
    name: at('name'),
    emails: at('emails', 'email'),
    phones: at('phones', 'phone'),
    tags: at('tags'),
  }
  const isShownAtField = Object.values(errors).some((message) => message !== undefined)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={contact === undefined ? 'Add contact' : 'Edit contact'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isBusy={save.isPending}
            disabled={draft.name.trim() === ''}
          >
            {contact === undefined ? 'Add contact' : 'Save'}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Field label="Name" error={errors.name}>
          <TextInput
            value={draft.name}
            autoFocus
            maxLength={200}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="E-mail addresses"
            isOptional
            hint="One on each line; the first is the main one."
            error={errors.emails}
          >
            <TextArea
              rows={2}
              value={draft.emails}
              onChange={(event) => change({ emails: event.target.value })}
            />
          </Field>
          <Field
            label="Phone numbers"
            isOptional
            hint="One on each line, such as +1 415 555 2671."
            error={errors.phones}
          >
            <TextArea
              rows={2}
              value={draft.phones}
              onChange={(event) => change({ phones: event.target.value })}
            />
          </Field>
        </div>
        <Field label="Tags" isOptional hint="Separated by commas." error={errors.tags}>
          <TextInput value={draft.tags} onChange={(event) => change({ tags: event.target.value })} />
        </Field>
        <CustomFields fields={draft.fields} onChange={(fields) => change({ fields })} />
        {save.isError && !isShownAtField && <ErrorNotice error={save.error} />}
      </form>
    </Dialog>
  )
}

interface CustomFieldsProps {
  fields: readonly FieldDraft[]
  onChange: (fields: readonly FieldDraft[]) => void
}

function CustomFields({ fields, onChange }: CustomFieldsProps) {
  const nextKey = useRef(fields.length)
  const change = (key: number, changed: Partial<FieldDraft>) =>
    onChange(fields.map((field) => (field.key === key ? { ...field, ...changed } : field)))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">
        Your own fields <span className="font-normal text-faint">(optional)</span>
      </legend>
      {fields.map(({ key, name, value }) => (
        <div key={key} className="flex gap-2">
          <TextInput
            aria-label="Field"
            placeholder="Field"
            className="flex-1"
            value={name}
            onChange={(event) => change(key, { name: event.target.value })}
          />
          <TextInput
            aria-label={`Value of ${name || 'the field'}`}
            placeholder="Value"
            className="flex-2"
            value={value}
            onChange={(event) => change(key, { value: event.target.value })}
          />
          <IconButton
            label={`Remove ${name || 'the field'}`}
            icon={<X size={14} aria-hidden />}
            onClick={() => onChange(fields.filter((field) => field.key !== key))}
          />
        </div>
      ))}
      <Button
        size="sm"
        className="self-start"
        icon={<Plus size={14} aria-hidden />}
        onClick={() => onChange([...fields, { key: nextKey.current++, name: '', value: '' }])}
      >
        Add a field
      </Button>
    </fieldset>
  )
}
