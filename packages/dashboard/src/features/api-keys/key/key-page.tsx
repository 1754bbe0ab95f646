/** `/settings/advanced/api-keys/$id`: everything about one key, and everything that can be done with it. */
import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { errorCode } from '../../../lib/errors.ts'
import { can, useMe } from '../../../lib/session.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, IconButton, LinkButton } from '../../../ui/button.tsx'
import { CodeTabs } from '../../../ui/code-block.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { Page, Section } from '../../../ui/page.tsx'
import { Skeleton, TableSkeleton } from '../../../ui/skeleton.tsx'
import { AuditSection } from '../audit/audit-section.tsx'
import { baseUrl } from '../base-url.ts'
import { useKeyDialogs } from '../dialogs/key-dialogs.tsx'
import { stepWords } from '../dialogs/step-words.tsx'
import { type ApiKey, keyQuery } from '../queries.ts'
import { Cockpit } from '../rotation/cockpit.tsx'
import { testSnippets } from '../snippets.ts'
import { type Step, statusInWords, stepsOf } from '../status.ts'
import { SuggestionsSection } from '../suggestions/suggestions-section.tsx'
import { ClientsSection } from '../usage/clients-section.tsx'
import { UsageSection } from '../usage/usage-section.tsx'
import { KeyFacts } from './key-facts.tsx'
import { KeyNotices } from './key-notices.tsx'

const back = { label: 'API Keys', to: '/settings/advanced/api-keys' } as const

export function KeyPage({ id }: { id: string }) {
  const key = useQuery(keyQuery(id))
  if (key.data !== undefined) return <LoadedKeyPage apiKey={key.data} />
  return (
    <Page title="API key" back={back}>
      {key.isPending ? (
        <>
          <Skeleton className="h-40 w-full" />
          <TableSkeleton columns={4} rows={3} />
        </>
      ) : errorCode(key.error) === 'not_found' ? (
        <EmptyState
          icon={null}
          title="There is no such key here"
          action={<LinkButton to="/settings/advanced/api-keys">All API Keys</LinkButton>}
        >
          It may belong to the other environment: the Test/Live switch is at the top left.
        </EmptyState>
      ) : (
        <ErrorNotice error={key.error} onRetry={() => key.refetch()} />
      )}
    </Page>
  )
}

function LoadedKeyPage({ apiKey }: { apiKey: ApiKey }) {
  const me = useMe()
  const { openDialog, dialogs } = useKeyDialogs()
  const steps = can(me, 'api_keys:write') ? stepsOf(apiKey, apiKey.attention) : []
  const onStep = (step: Step) => openDialog(step, apiKey)
  const onEdit = steps.includes('edit') ? () => onStep('edit') : undefined
  const isOver = apiKey.status === 'revoked' || apiKey.status === 'expired'
  return (
    <Page
      title={<KeyTitle apiKey={apiKey} onEdit={onEdit} />}
      documentTitle={apiKey.name}
      back={back}
      actions={<KeyActions steps={steps} onStep={onStep} />}
    >
      <KeyNotices apiKey={apiKey} steps={steps} onStep={onStep} />
      {apiKey.status === 'rotating' && <Cockpit apiKey={apiKey} />}
      <KeyFacts apiKey={apiKey} onEdit={onEdit} />
      <UsageSection keyId={apiKey.id} />
      <ClientsSection keyId={apiKey.id} />
      {!isOver && <SuggestionsSection apiKey={apiKey} />}
      {!isOver && (
        <Section
          title="Test this key"
          description="Put the secret into the environment variable AGENTCLARA_API_KEY, then run this. It says who the key is and what it may do."
        >
          <CodeTabs tabs={testSnippets(baseUrl, null)} />
        </Section>
      )}
      <AuditSection keyId={apiKey.id} />
      {dialogs}
    </Page>
  )
}

function KeyTitle({ apiKey, onEdit }: { apiKey: ApiKey; onEdit: (() => void) | undefined }) {
  const { label, tone } = statusInWords(apiKey)
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="wrap-anywhere">{apiKey.name}</span>
      {onEdit !== undefined && (
        <IconButton label="Rename" size="sm" icon={<Pencil size={14} aria-hidden />} onClick={onEdit} />
      )}
      <Badge tone={tone}>{label}</Badge>
      <Badge tone={apiKey.environment === 'test' ? 'warning' : 'success'}>
        {apiKey.environment === 'test' ? 'Test' : 'Live'}
      </Badge>
    </span>
  )
}

/** In sight: what most come for. */
const buttonSteps: readonly Step[] = ['edit', 'rotate', 'revoke']

function KeyActions({ steps, onStep }: { steps: readonly Step[]; onStep: (step: Step) => void }) {
  const rest = steps.filter((step) => !buttonSteps.includes(step))
  return (
    <>
      {buttonSteps
        .filter((step) => steps.includes(step))
        .map((step) => (
          <Button
            key={step}
            icon={stepWords[step].icon}
            className={step === 'revoke' ? 'text-danger!' : undefined}
            onClick={() => onStep(step)}
          >
            {stepWords[step].label}
          </Button>
        ))}
      {rest.length > 0 && (
        <Menu
          label="More actions"
          items={rest.map((step) => ({
            label: `${stepWords[step].label}…`,
            icon: stepWords[step].icon,
            onSelect: () => onStep(step),
          }))}
        />
      )}
    </>
  )
}
