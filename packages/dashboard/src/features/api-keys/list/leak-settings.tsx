/** What becomes of a key whose secret somebody reports: chosen once for all keys of the environment. */
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { describeError } from '../../../lib/errors.ts'
import { ProofDeclined } from '../../../lib/proof.tsx'
import { useMe } from '../../../lib/session.ts'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { toast } from '../../../ui/toast.ts'
import { useKeyActions } from '../actions.ts'
import { keySettingsQuery } from '../queries.ts'

type Response = 'quarantine' | 'revoke'

const choices: readonly { value: Response; label: string; explanation: string }[] = [
  {
    value: 'quarantine',
    label: 'Quarantine it',
    explanation:
      'It may only read, and only from where it was used before. Your apps go on reading while you rotate.',
  },
  {
    value: 'revoke',
    label: 'Revoke it',
    explanation: 'It is refused at once, everywhere. Safest, and what uses it stops.',
  },
]

export function LeakSettings() {
  const me = useMe()
  const name = useId()
  const actions = useKeyActions()
  const settings = useQuery(keySettingsQuery)
  const [chosen, setChosen] = useState<Response>()
  // It decides over keys of every permission, so it takes all of them.
  const mayChange = me.permissions.includes('*')
  const choose = async (value: Response) => {
    setChosen(value)
    try {
      await actions.updateSettings(value)
      toast.success(value === 'revoke' ? 'Leaked keys will be revoked' : 'Leaked keys will be quarantined')
    } catch (error) {
      const { sentence, hint } = describeError(error)
      if (!(error instanceof ProofDeclined)) toast.error(sentence, hint ?? undefined)
    } finally {
      setChosen(undefined)
    }
  }
  const current = chosen ?? settings.data?.leak_response
  return (
    <Section
      title="When a secret leaks"
      description={`Anyone who finds a secret can report it (POST /v1/leaks), and GitHub does so by itself. Then, for ${me.environment} keys:`}
    >
      {settings.error !== null && settings.data === undefined && (
        <ErrorNotice error={settings.error} onRetry={() => settings.refetch()} />
      )}
      {settings.isPending && <Skeleton className="h-28 w-full" />}
      {current !== undefined && (
        <fieldset
          className="divide-y rounded-lg border bg-surface"
          disabled={!mayChange || chosen !== undefined}
        >
          <legend className="sr-only">When a secret leaks</legend>
          {choices.map(({ value, label, explanation }) => (
            <label key={value} className="flex items-start gap-2.5 px-3 py-2.5 has-enabled:hover:bg-hover">
              <input
                type="radio"
                name={name}
                checked={value === current}
                onChange={() => void choose(value)}
                className="mt-1 accent-(--background-color-accent)"
              />
              <span className="min-w-0 text-sm">
                <span className="font-medium">{label}</span>
                <span className="block text-xs text-muted">{explanation}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </Section>
  )
}
