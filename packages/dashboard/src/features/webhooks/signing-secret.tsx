/** The signing secret on the one occasion that it is shown, with what to do with it. */
import { useEffect } from 'react'
import { CodeTabs } from '../../ui/code-block.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { SecretText } from '../../ui/secret-text.tsx'
import { verifySnippets } from './verify-snippets.ts'

/** Of the tab: whoever closes it with the secret in sight is asked whether they mean to. */
function useAskBeforeLeaving(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    globalThis.addEventListener('beforeunload', ask)
    return () => globalThis.removeEventListener('beforeunload', ask)
  }, [])
}

export function SigningSecret({ secret }: { secret: string }) {
  useAskBeforeLeaving()
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-2">
        <p className="text-sm text-muted">
          <strong className="font-medium text-text">Copy it now: it isn’t shown again.</strong> Your server
          checks with it that a request comes from here.
        </p>
        <SecretText secret={secret} label="Signing secret" />
        <p className="flex items-center gap-1 text-xs text-faint">
          As a line of <code className="font-mono">.env</code>
          <CopyButton text={`AGENTCLARA_WEBHOOK_SECRET=${secret}`} label="Copy as a line of .env" isQuiet />
        </p>
      </div>
      <div>
        <p className="mb-2 text-sm font-medium">Check the signature</p>
        <CodeTabs tabs={verifySnippets} />
      </div>
    </div>
  )
}
