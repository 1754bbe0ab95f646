/** A secret on the one occasion that it is shown: to copy, as a line of .env, and inside code that runs. */
import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { CodeBlock, CodeTabs } from '../../../ui/code-block.tsx'
import { SecretText } from '../../../ui/secret-text.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { baseUrl } from '../base-url.ts'
import { keyQuery } from '../queries.ts'
import { envLine, testSnippets } from '../snippets.ts'

interface SecretPanelProps {
  secret: string
  keyId: string
  /** Of a new key: waits for its first request. A key that rotates is used already. */
  isFirst: boolean
}

export function SecretPanel({ secret, keyId, isFirst }: SecretPanelProps) {
  return (
    <div className="flex flex-col gap-4">
      <SecretText secret={secret} label="Secret" />
      <CodeBlock title=".env (never commit it)" language="dotenv" code={envLine(secret)} />
      <div className="flex flex-col gap-2">
        <h3 className="text-sm font-medium">Try it</h3>
        <CodeTabs tabs={testSnippets(baseUrl, secret)} />
        {isFirst && <FirstRequest keyId={keyId} />}
      </div>
    </div>
  )
}

const WAIT_MS = 1_500

/** Turns green by itself when the key is used for the first time. */
function FirstRequest({ keyId }: { keyId: string }) {
  const { data: key } = useQuery({
    ...keyQuery(keyId),
    refetchInterval: ({ state }) => (state.data?.last_used_at == null ? WAIT_MS : false),
  })
  const usedAt = key?.last_used_at ?? null
  return (
    <p role="status" className="flex items-center gap-2 text-sm">
      {usedAt === null ? (
        <>
          <span className="size-2 shrink-0 animate-pulse-slow rounded-full bg-warning" aria-hidden />
          <span className="text-muted">Waiting for its first request…</span>
        </>
      ) : (
        <>
          <CircleCheck size={15} className="shrink-0 text-success" aria-hidden />
          <span className="text-success">
            It works: first request <RelativeTime at={usedAt} />
          </span>
        </>
      )}
    </p>
  )
}
