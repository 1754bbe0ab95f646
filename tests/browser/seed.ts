/** A dental practice that has been using AgentClara: what pages look like with something on them. By the API, as anybody would. */
import { AgentClara, type Conversation } from '@agentclara/sdk'
import type { BrowserContext } from 'playwright-core'
import { type Receiver, startReceiver } from '../../packages/server/src/features/webhooks/testing/receiver.ts'
import { PASSWORD, type Site } from './site.ts'

export interface Business {
  /** Of one that is there, for each page about one. */
  readonly ids: {
    readonly key: string
    readonly rotatingKey: string
    readonly webhook: string
    readonly conversation: string
    readonly contact: string
    readonly event: string
  }
  /** With the token behind `#`. */
  readonly invitationUrl: string
  stop(): Promise<void>
}

const PRACTICE = 'Willow Street Dental'
const PERSON = { name: 'Maya Okafor', email: 'maya@willowstreet.example' }

const HOURS =
  'We are open Monday to Friday from 8 am to 6 pm, and on Saturday from 9 am to 1 pm. You can cancel or move a visit free of charge until 24 hours before it. New patients are asked to come ten minutes early. A check-up with cleaning takes about 50 minutes and costs $140 without insurance. We accept Delta, Cigna and MetLife.'

const PATIENTS = [
  ['Noah Bennett', 'noah.bennett@example.com', ['recall due']],
  ['Priya Raman', 'priya.raman@example.com', ['new patient']],
  ['Lucía Fernández', 'lucia.fernandez@example.com', ['invisalign']],
  ['Theo Lindqvist', 'theo.lindqvist@example.com', []],
  ['Hannah Weiss', 'hannah.weiss@example.com', ['family plan', 'recall due']],
  ['Samuel Achebe', 'samuel.achebe@example.com', ['implant']],
  ['Mei Tanaka', 'mei.tanaka@example.com', ['new patient']],
] as const

const phoneOf = (patient: number): string => `+1202555010${patient}`

interface Chat {
  readonly who: number
  readonly channel: Conversation['channel']
  readonly subject: string
  readonly says: string
}

const CHATS: readonly Chat[] = [
  { who: 0, channel: 'web', subject: 'Saturday hours', says: 'Are you open on Saturday?' },
  {
    who: 1,
    channel: 'sms',
    subject: 'Moving my visit',
    says: 'Until when can I move my visit free of charge?',
  },
  { who: 2, channel: 'whatsapp', subject: 'Lost aligner', says: 'I lost my left aligner. What do I do now?' },
  { who: 3, channel: 'email', subject: 'Check-up price', says: 'What does a check-up with cleaning cost?' },
  { who: 4, channel: 'web', subject: 'Insurance', says: 'Do you accept Cigna?' },
  {
    who: 5,
    channel: 'voice',
    subject: 'Pain after implant',
    says: 'My jaw is swollen since yesterday evening.',
  },
  { who: 6, channel: 'instagram', subject: 'First visit', says: 'When should new patients come?' },
]

/** Signs `context` in as the owner, too. */
export async function seedBusiness(site: Site, context: BrowserContext): Promise<Business> {
  const post = async (path: string, data: object, environment = 'test') => {
    const headers = { origin: site.url, 'agentclara-environment': environment }
    const answer = await context.request.post(path, { data, headers })
    if (!answer.ok()) throw new Error(`${path} answered ${answer.status()}: ${await answer.text()}`)
    return (await answer.json()) as { data: { id: string; secret: string } }
  }
  await post('/auth/sign-up/email', { ...PERSON, password: PASSWORD })
  await post('/v1/workspaces', { name: PRACTICE })
  for (const name of ['Production website', 'Practice software'])
    await post('/v1/api_keys', { name, preset: 'support_bot' }, 'live')
  const first = (await post('/v1/api_keys', { name: 'Practice software' })).data

  const as = (apiKey: string, userAgent: string) =>
    new AgentClara({ apiKey, baseUrl: `${site.url}/v1`, headers: { 'user-agent': userAgent }, maxRetries: 0 })
  const clara = as(first.secret, 'willow-practice/4.2.0')
  const receiver = await startReceiver((received) =>
    received.path.startsWith('/crm') && received.event.type !== 'webhook.test'
      ? { status: 503, body: '{"error":"The patient index is being rebuilt."}' }
      : { status: 200, body: '{"ok":true}' },
  )
  const [webhook] = await plantWebhooks(clara, receiver)
  await plantKnowledge(clara)
  const contacts = await Promise.all(
    PATIENTS.map(([name, email, tags], index) =>
      clara.contacts.create({ name, email, phone: phoneOf(index), tags: [...tags] }),
    ),
  )
  const conversations = await plantConversations(clara)
  const rotatingKey = await plantKeys(clara, as)
  const invitation = await clara.invitations.create({ email: 'jonas@willowstreet.example', role: 'agent' })
  await clara.invitations.create({ email: 'front-desk@willowstreet.example', role: 'viewer' })
  // What is refused is in the logs, too.
  await clara.conversations.get('conv_00000000000000000000000000').catch(() => undefined)
  const events = await clara.events.list({ type: 'message.sent' })
  return {
    ids: {
      key: first.id,
      rotatingKey,
      webhook: webhook.id,
      conversation: conversations[1]?.id ?? '',
      contact: contacts[1]?.id ?? '',
      event: events.data[0]?.id ?? '',
    },
    invitationUrl: invitation.url,
    stop: () => receiver.stop(),
  }
}

async function plantWebhooks(clara: AgentClara, { port }: Receiver) {
  return [
    await clara.webhooks.create({
      url: `http://localhost:${port}/agentclara/events`,
      events: ['*'],
      description: 'Practice software',
    }),
    await clara.webhooks.create({
      url: `http://localhost:${port}/crm/patients`,
      events: ['contact.created', 'contact.updated'],
      description: 'Patient index',
    }),
  ] as const
}

async function plantKnowledge(clara: AgentClara): Promise<void> {
  await clara.knowledge.sources.create({
    type: 'text',
    title: 'Hours, visits and prices',
    content: HOURS,
    url: 'https://willowstreet.example/visits',
  })
  await clara.knowledge.sources.create({
    type: 'faq',
    title: 'Do you have parking?',
    content: 'Yes: behind the house, free for patients for two hours.',
  })
}

async function plantConversations(clara: AgentClara): Promise<Conversation[]> {
  const started: Conversation[] = []
  for (const { who, channel, subject, says } of CHATS) {
    const patient = PATIENTS[who]
    if (patient === undefined) continue
    started.push(
      await clara.conversations.create({
        channel,
        subject,
        customer_name: patient[0],
        customer_email: patient[1],
        customer_phone: phoneOf(who),
        sender: 'customer',
        message: says,
        reply: 'wait',
        tags: [...patient[2]],
      }),
    )
  }
  const id = (index: number) => started[index]?.id ?? ''
  await clara.conversations.messages.send(id(1), {
    sender: 'customer',
    content: 'And do you accept MetLife?',
    reply: 'wait',
  })
  await clara.conversations.messages.send(id(1), {
    sender: 'human',
    content: 'Hello Priya, I have moved you to Thursday at 10 am. See you then! Maya',
  })
  await clara.conversations.messages.send(id(1), {
    sender: 'human',
    visibility: 'internal',
    content: 'Prefers mornings.',
  })
  await clara.conversations.resolve(id(0))
  await clara.conversations.close(id(3))
  return started
}

/** Keys in each of the states that a list can show; returns the one that rotates. */
async function plantKeys(clara: AgentClara, as: (apiKey: string, userAgent: string) => AgentClara) {
  const website = await clara.apiKeys.create({
    name: 'Website chat',
    permissions: ['conversations:write', 'contacts:write'],
    ip_allowlist: ['127.0.0.0/8', '203.0.113.0/24'],
    rate_limit_per_minute: 300,
  })
  const reports = await clara.apiKeys.create({ name: 'Weekly report', preset: 'read_only' })
  const migration = await clara.apiKeys.create({
    name: 'Migration from the old phone system',
    permissions: ['contacts:write'],
    expires_at: new Date(Date.now() + 3 * 86_400_000).toISOString(),
  })
  const kiosk = await clara.apiKeys.create({ name: 'Waiting room kiosk', permissions: ['contacts:read'] })
  const agency = await clara.apiKeys.create({ name: 'Marketing agency', permissions: ['contacts:read'] })
  for (let turn = 0; turn < 6; turn++) {
    await as(website.secret, 'willow-site/2.3.1').conversations.list()
    await as(reports.secret, 'python-requests/2.32.3').usage.get()
    await as(kiosk.secret, 'kiosk/1.0').contacts.list()
  }
  await as(kiosk.secret, 'kiosk/1.0')
    .conversations.list()
    .then(
      () => undefined,
      () => undefined,
    )
  await as(migration.secret, 'curl/8.14.1').contacts.list()
  const rotated = await clara.apiKeys.rotate(website.id, { overlap_seconds: 86_400 })
  await as(website.secret, 'willow-site/2.3.1').contacts.list()
  await as(rotated.secret, 'willow-site/2.4.0').contacts.list()
  await clara.apiKeys.quarantine(kiosk.id, { reason: 'The tablet was stolen' })
  await clara.apiKeys.revoke(agency.id)
  return website.id
}
