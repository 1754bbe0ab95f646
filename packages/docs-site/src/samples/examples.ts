/** What the samples of the reference send: a telling example for each call, and for those that have none one made from the schema. */
import { type Call, type OpenApi, resolve, type Schema } from '../reference/document.ts'

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** Ids that stand in samples, by the resource's name in paths. */
export type Ids = Readonly<Record<string, string>>

const SUFFIX = '01kb3v5q8ye0t9rws6n2xd4hm7'

export const exampleIds: Ids = {
  api_keys: `key_${SUFFIX}`,
  contacts: `cust_${SUFFIX}`,
  conversations: `conv_${SUFFIX}`,
  deliveries: `dlv_${SUFFIX}`,
  events: `evt_${SUFFIX}`,
  invitations: `inv_${SUFFIX}`,
  members: `mem_${SUFFIX}`,
  recoveries: `rec_${SUFFIX}`,
  request_logs: `req_${SUFFIX}`,
  sources: `src_${SUFFIX}`,
  webhooks: `we_${SUFFIX}`,
  workspaces: `ws_${SUFFIX}`,
}

interface Example {
  query?: Record<string, string>
  body?: Json
}

export interface Circumstances {
  readonly ids: Ids
  /** An instant of the last days, with which replays and reports begin. */
  readonly since: string
  /** Where webhooks go. */
  readonly receiver: string
  /** Of who is invited. */
  readonly email: string
  /** Of an invitation's link. */
  readonly invitationToken: string
}

function exampleOf(operationId: string, given: Circumstances): Example | undefined {
  const { ids, since, receiver, email, invitationToken } = given
  const contact = ids.contacts ?? ''
  const table: Record<string, Example> = {
    createApiKey: {
      body: { name: 'Checkout service', permissions: ['conversations:write', 'contacts:read'] },
    },
    updateApiKey: { body: { permissions: ['conversations:read'], rate_limit_per_minute: 300 } },
    rotateApiKey: { body: { overlap_seconds: 3600 } },
    quarantineApiKey: { body: { reason: 'Odd traffic' } },
    updateApiKeySettings: { body: { leak_response: 'quarantine' } },
    getApiKeyUsage: { query: { interval: 'hour' } },
    createClientToken: { body: { contact_id: contact } },
    askAgent: { body: { question: 'When are you open?' } },
    createKnowledgeSource: {
      body: { type: 'faq', title: 'When are you open?', content: 'From 9 am to 6 pm on weekdays.' },
    },
    updateKnowledgeSource: { body: { content: 'From 8 am to 6 pm on weekdays.' } },
    searchKnowledge: { body: { query: 'opening hours', limit: 3 } },
    listContacts: { query: { tag: 'vip', sort: 'name' } },
    searchContacts: { query: { q: 'ada' } },
    createContact: { body: { name: 'Ada Lovelace', tags: ['vip'], custom_fields: { plan: 'gold' } } },
    updateContact: { body: { tags: ['vip', 'returning'] } },
    listConversations: { query: { status: 'open', limit: '10' } },
    createConversation: {
      body: {
        channel: 'email',
        customer_email: 'ada@example.com',
        sender: 'customer',
        message: 'When are you open?',
        reply: 'wait',
      },
    },
    updateConversation: { body: { tags: ['billing'], subject: 'Invoice 4711' } },
    sendMessage: { body: { sender: 'human', content: 'We are open until 6 pm today.' } },
    handOffConversation: { body: { reason: 'Asks for a refund' } },
    createWebhook: { body: { url: receiver, events: ['message.received'] } },
    updateWebhook: { body: { events: ['*'], max_per_second: 20 } },
    checkWebhookUrl: { body: { url: receiver } },
    recoverWebhook: { body: { since } },
    listDeliveries: { query: { status: 'failed' } },
    listRequestLogs: { query: { outcome: 'failed', limit: '10' } },
    getUsage: { query: { interval: 'day', since } },
    listEvents: { query: { type: 'message.received' } },
    streamEvents: { query: { types: 'message.received' } },
    explainDelivery: { query: { webhook_id: ids.webhooks ?? '' } },
    createInvitation: { body: { email, role: 'agent' } },
    lookUpInvitation: { body: { token: invitationToken } },
    updateMember: { body: { role: 'viewer' } },
    reportLeaks: { body: { secret: 'sk_test_…', source: 'a paste' } },
  }
  // PUT does what PATCH does.
  return table[operationId.replace(/WithPut$/, '')]
}

export interface ExampleRequest {
  method: string
  /** With ids in their places and its query. */
  path: string
  body: Json | undefined
  needsKey: boolean
  isStream: boolean
}

export function exampleRequest(call: Call, api: OpenApi, given: Circumstances): ExampleRequest {
  const { method, operation } = call
  const { ids } = given
  const example = exampleOf(operation.operationId, given) ?? { query: requiredQuery(call, api, ids) }
  const query = new URLSearchParams(example.query).toString()
  const path = call.path.replace(
    /([^/]+)\/\{id\}/,
    (_, noun: string) => `${noun}/${ids[noun] ?? `${noun}_${SUFFIX}`}`,
  )
  return {
    method,
    path: `${path}${query === '' ? '' : `?${query}`}`,
    body: example.body ?? requiredBody(call, api, ids),
    needsKey: (operation.security ?? []).length > 0,
    isStream: operation.operationId === 'streamEvents',
  }
}

function requiredQuery({ operation }: Call, api: OpenApi, ids: Ids): Record<string, string> {
  const required = (operation.parameters ?? []).filter((one) => one.in === 'query' && one.required)
  return Object.fromEntries(
    required.map(({ name, schema = {} }) => [name, String(leastOf(name, schema, api, ids))]),
  )
}

function requiredBody({ operation }: Call, api: OpenApi, ids: Ids): Json | undefined {
  const schema = operation.requestBody?.content?.['application/json']?.schema
  if (schema === undefined || operation.requestBody?.required !== true) return undefined
  return leastOf('', schema, api, ids)
}

/** The least that a schema asks for. */
function leastOf(name: string, given: Schema, api: OpenApi, ids: Ids): Json {
  const { schema } = resolve(given, api)
  const [variant] = schema.oneOf ?? schema.anyOf ?? []
  if (variant !== undefined) return leastOf(name, variant, api, ids)
  // Whatever JSON schemas allow as a value is JSON.
  const fixed = (schema.const ?? schema.default ?? schema.enum?.[0]) as Json | undefined
  if (fixed !== undefined) return fixed
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') {
    const required = schema.required ?? []
    return Object.fromEntries(
      required.map((field) => [field, leastOf(field, schema.properties?.[field] ?? {}, api, ids)]),
    )
  }
  if (type === 'array') return schema.items === undefined ? [] : [leastOf(name, schema.items, api, ids)]
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  if (type === 'boolean') return true
  return textOf(name, schema.format, ids)
}

function textOf(name: string, format: string | undefined, ids: Ids): string {
  if (name === 'id' || name.endsWith('_id')) return ids[`${name.replace(/_?id$/, '')}s`] ?? SUFFIX
  if (format === 'email' || name.includes('email')) return 'ada@example.com'
  if (format === 'date-time') return '2030-01-01T00:00:00Z'
  if (format === 'uri' || name === 'url') return 'https://example.com/'
  return name === 'name' ? 'Acme' : 'Example'
}
