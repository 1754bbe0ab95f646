/** The fields of a key, as they are filled in when it is made and when it is changed. */
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Field, TextArea, TextInput } from '../../../ui/field.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { PermissionsField } from '../permissions/permissions-field.tsx'
import type { PermissionTable } from '../queries.ts'
import { withAddress } from './addresses.ts'
import type { KeyDraft, Problems } from './draft.ts'
import { expiryChoices, toDateField } from './expiry.ts'
import { myAddressQuery } from './my-address.ts'

interface KeyFieldsProps {
  draft: KeyDraft
  onChange: (draft: KeyDraft) => void
  problems: Problems
  table: PermissionTable
  /** Of the workspace's plan, in a minute. */
  planLimit: number
  /** What is there before anybody opens it. */
  areLimitsOpen: boolean
}

export function KeyFields({ draft, onChange, problems, table, planLimit, areLimitsOpen }: KeyFieldsProps) {
  const set = (change: Partial<KeyDraft>) => onChange({ ...draft, ...change })
  const [areOpen, setAreOpen] = useState(areLimitsOpen)
  const hasLimitProblem = ['addresses', 'rateLimit', 'ownerName', 'ownerEmail'].some(
    (name) => name in problems,
  )
  return (
    <div className="flex flex-col gap-5">
      <Field
        label="Name"
        hint="What uses it: one key for each app, each person, each environment."
        error={problems.name}
      >
        <TextInput
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
          placeholder="Website backend"
          maxLength={100}
          autoComplete="off"
          autoFocus
        />
      </Field>
      <PermissionsField
        table={table}
        value={draft.permissions}
        onChange={(permissions) => set({ permissions })}
        error={problems.permissions}
      />
      <ExpiryField draft={draft} set={set} error={problems.expiry} />
      <details
        className="rounded-lg border"
        open={areOpen || hasLimitProblem}
        // Opened for a problem, it stays open once that is mended.
        onToggle={(event) => setAreOpen(event.currentTarget.open)}
      >
        <summary className="rounded-lg px-3 py-2 text-sm font-medium hover:bg-hover">
          More limits <span className="font-normal text-faint">addresses, rate limit, owner</span>
        </summary>
        <div className="flex flex-col gap-5 border-t px-3 py-4">
          <AddressesField draft={draft} set={set} error={problems.addresses} />
          <Field
            label="Rate limit"
            isOptional
            hint={`Requests in any 60 seconds. Empty: as many as the plan allows, ${planLimit.toLocaleString('en')}.`}
            error={problems.rateLimit}
          >
            <TextInput
              value={draft.rateLimit}
              onChange={(event) => set({ rateLimit: event.target.value })}
              inputMode="numeric"
              placeholder={String(planLimit)}
              className="max-w-40"
            />
          </Field>
          <OwnerFields draft={draft} set={set} problems={problems} />
        </div>
      </details>
    </div>
  )
}

interface PartProps {
  draft: KeyDraft
  set: (change: Partial<KeyDraft>) => void
}

function ExpiryField({ draft, set, error }: PartProps & { error: string | undefined }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">Expires</legend>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="Expires"
          value={draft.expiry}
          onChange={(expiry) => set({ expiry })}
          options={expiryChoices}
        />
        {draft.expiry === 'date' && (
          <TextInput
            type="date"
            aria-label="Last day on which it works"
            value={draft.date}
            min={toDateField(new Date().toISOString())}
            onChange={(event) => set({ date: event.target.value })}
            className="w-40!"
          />
        )}
      </div>
      <p className="text-xs text-faint">
        {draft.expiry === 'never'
          ? 'It works until somebody revokes it.'
          : 'You are told 7 days and 1 day before, by event and webhook.'}
      </p>
      {error !== undefined && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  )
}

function AddressesField({ draft, set, error }: PartProps & { error: string | undefined }) {
  const mine = useQuery(myAddressQuery).data
  return (
    <div className="flex flex-col items-start gap-2">
      <div className="w-full">
        <Field
          label="IP addresses"
          isOptional
          hint="Addresses or networks (CIDR), one a line. From elsewhere the key is refused. Empty: from anywhere."
          error={error}
        >
          <TextArea
            value={draft.addresses}
            onChange={(event) => set({ addresses: event.target.value })}
            rows={3}
            spellCheck={false}
            placeholder={'203.0.113.7\n2001:db8::/32'}
            className="font-mono text-xs"
          />
        </Field>
      </div>
      {mine != null && (
        <Button
          size="sm"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => set({ addresses: withAddress(draft.addresses, mine) })}
        >
          Add my address ({mine})
        </Button>
      )}
    </div>
  )
}

function OwnerFields({ draft, set, problems }: PartProps & { problems: Problems }) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 text-sm font-medium">Belongs to</legend>
      <div>
        <Segmented
          label="Belongs to"
          value={draft.ownerType}
          onChange={(ownerType) => set({ ownerType })}
          options={[
            { value: 'app', label: 'An app' },
            { value: 'person', label: 'A person' },
          ]}
        />
      </div>
      {draft.ownerType === 'person' && (
        <Field
          label="Their e-mail address"
          hint="When they leave the workspace, the key is marked so that somebody takes care of it."
          error={problems.ownerEmail}
        >
          <TextInput
            type="email"
            value={draft.ownerEmail}
            onChange={(event) => set({ ownerEmail: event.target.value })}
            autoComplete="off"
          />
        </Field>
      )}
      <Field
        label={draft.ownerType === 'app' ? 'Name of the app' : 'Their name'}
        isOptional
        error={problems.ownerName}
      >
        <TextInput
          value={draft.ownerName}
          onChange={(event) => set({ ownerName: event.target.value })}
          maxLength={100}
          autoComplete="off"
        />
      </Field>
    </fieldset>
  )
}
