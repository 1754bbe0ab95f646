/** The first key, already in a command that can be run, and the line that turns green when it was. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { ProofDeclined, useProof } from '../../lib/proof.tsx'
import { can, useMe } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { CodeTabs } from '../../ui/code-block.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SecretText } from '../../ui/secret-text.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { testSnippets } from '../api-keys/snippets.ts'
import { FirstRequest } from './first-request.tsx'
import { latestKeyQuery } from './queries.ts'
import { Step } from './step.tsx'

interface KeyStepProps {
  readonly secret: string | undefined
  readonly onSecret: (secret: string) => void
}

export function KeyStep({ secret, onSecret }: KeyStepProps) {
  const me = useMe()
  const key = useQuery(latestKeyQuery)
  const create = useCreateKey(onSecret)
  const [wasUsed, setWasUsed] = useState(false)
  const isDone = wasUsed || (key.data?.last_used_at ?? null) !== null
  const mayCreate = can(me, 'api_keys:write')
  const createButton = (label: string, variant: 'primary' | 'secondary') =>
    mayCreate && (
      <div>
        <Button variant={variant} isBusy={create.isPending} onClick={() => create.mutate()}>
          {label}
        </Button>
      </div>
    )
  return (
    <Step
      number={1}
      title="Make your first request"
      isDone={isDone}
      description="A key proves who is calling. A test key reaches test data only."
    >
      {key.isPending && <Skeleton className="h-8 w-44" />}
      {key.error !== null && <ErrorNotice error={key.error} onRetry={() => key.refetch()} />}
      {create.error !== null && !(create.error instanceof ProofDeclined) && (
        <ErrorNotice error={create.error} />
      )}
      {key.data === null &&
        (mayCreate ? (
          createButton('Create my test key', 'primary')
        ) : (
          <Notice>Ask an owner or admin of your workspace for a key: your role can’t make one.</Notice>
        ))}
      {key.data !== undefined && key.data !== null && (
        <>
          {secret === undefined ? (
            <p className="text-sm text-muted">
              The key <strong className="font-medium text-text">{key.data.name}</strong>,{' '}
              <code className="font-mono text-xs">{key.data.hint}</code>, is there; its secret was shown once.
              With the secret in <code className="font-mono text-xs">AGENTCLARA_API_KEY</code>, run:
            </p>
          ) : (
            <>
              <SecretText secret={secret} label="The secret of your test key" />
              <p className="text-sm text-muted">
                It is shown this once: keep it now, in your <code className="font-mono text-xs">.env</code>{' '}
                for example. It is in the command already, so that you can run it:
              </p>
            </>
          )}
          <CodeTabs
            purpose="tests the key"
            tabs={testSnippets(`${globalThis.location.origin}/v1`, secret ?? null)}
          />
          <FirstRequest keyId={key.data.id} onUsed={() => setWasUsed(true)} />
          {secret === undefined &&
            !isDone &&
            createButton('I don’t have the secret: make another key', 'secondary')}
        </>
      )}
    </Step>
  )
}

function useCreateKey(onSecret: (secret: string) => void) {
  const { withProof } = useProof()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const { secret, ...key } = await withProof(() =>
        api.apiKeys.create({ name: 'First test key', preset: 'full' }),
      )
      // The secret goes to the page alone: what a mutation returns is remembered.
      onSecret(secret)
      queryClient.setQueryData(latestKeyQuery.queryKey, key)
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['api-keys'] }),
  })
}
