/** `/welcome`: from nothing to a first request, a first answer of Clara's and a first webhook, on one page. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { can, useEnvironment, useMe } from '../../lib/session.ts'
import { useSwitchPlace } from '../../shell/switch-place.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { ConversationStep } from './conversation-step.tsx'
import { KeyStep } from './key-step.tsx'
import { hasWebhookQuery } from './queries.ts'
import { Step } from './step.tsx'

export function WelcomePage() {
  const me = useMe()
  const environment = useEnvironment()
  return (
    <Page
      title={`Welcome, ${firstWord(me.user.name)}`}
      documentTitle="Welcome"
      description="Three steps, some minutes. All of it happens in your test environment, where nothing reaches a customer."
      actions={<LinkButton to="/">Go to Home</LinkButton>}
    >
      {environment === 'live' ? <GoToTest /> : <Steps />}
    </Page>
  )
}

function Steps() {
  const me = useMe()
  // Lives here, so that it is gone with the page, and step 2 can use it as well.
  const [secret, setSecret] = useState<string>()
  return (
    <ol className="max-w-3xl">
      {can(me, 'api_keys:read') && <KeyStep secret={secret} onSecret={setSecret} />}
      <ConversationStep secret={secret} />
      {can(me, 'webhooks:read') && <WebhookStep />}
    </ol>
  )
}

function WebhookStep() {
  const me = useMe()
  const hasWebhook = useQuery(hasWebhookQuery).data === true
  return (
    <Step
      number={3}
      title="Add a webhook"
      isDone={hasWebhook}
      description="AgentClara tells your server what happens, signed, in order, and again until it arrives."
    >
      <div>
        <LinkButton to="/settings/advanced/webhooks">
          {hasWebhook || !can(me, 'webhooks:write') ? 'See your webhooks' : 'Add a webhook'}
        </LinkButton>
      </div>
    </Step>
  )
}

function GoToTest() {
  const { toEnvironment } = useSwitchPlace()
  return (
    <Notice
      tone="warning"
      title="You are in the live environment"
      action={
        <Button size="sm" onClick={() => void toEnvironment('test')}>
          Switch to test
        </Button>
      }
    >
      The first steps try things out. They are for the test environment.
    </Notice>
  )
}

function firstWord(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name
}
