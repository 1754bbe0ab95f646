/** The form of a key, new or not, with whatever went wrong; the dialog around it has its buttons. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useMe } from '../../../lib/session.ts'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import type { PermissionTable } from '../queries.ts'
import { KeyFields } from './key-fields.tsx'
import { planLimitOf } from './plan.ts'
import type { useDraft } from './use-draft.ts'

interface KeyFormProps {
  readonly id: string
  readonly state: ReturnType<typeof useDraft>
  readonly permissions: UseQueryResult<PermissionTable>
  readonly areLimitsOpen: boolean
  readonly onSubmit: () => Promise<void>
  /** Shown until the permissions are there. */
  readonly placeholder?: ReactNode
}

export function KeyForm({ id, state, permissions, areLimitsOpen, onSubmit, placeholder }: KeyFormProps) {
  const me = useMe()
  const { draft, setDraft, problems, error, form } = state
  return (
    <form
      ref={form}
      id={id}
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit()
      }}
    >
      {permissions.data !== undefined && (
        <KeyFields
          draft={draft}
          onChange={setDraft}
          problems={problems}
          table={permissions.data}
          planLimit={planLimitOf(me.workspace?.plan)}
          areLimitsOpen={areLimitsOpen}
        />
      )}
      {permissions.isPending && placeholder}
      {permissions.error !== null && (
        <ErrorNotice error={permissions.error} onRetry={() => permissions.refetch()} />
      )}
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
