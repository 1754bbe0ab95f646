/** The client: a noun for each of the API's, with its verbs. */
import { Api } from './api.ts'
import { Agent } from './resources/agent.ts'
import { ApiKeys } from './resources/api-keys.ts'
import { ClientTokens } from './resources/client-tokens.ts'
import { Contacts } from './resources/contacts.ts'
import { Conversations } from './resources/conversations.ts'
import { Deliveries } from './resources/deliveries.ts'
import { Events } from './resources/events.ts'
import { Invitations } from './resources/invitations.ts'
import { Knowledge } from './resources/knowledge.ts'
import { Leaks } from './resources/leaks.ts'
import { Me } from './resources/me.ts'
import { Members } from './resources/members.ts'
import { Overview } from './resources/overview.ts'
import { Permissions } from './resources/permissions.ts'
import { Recoveries } from './resources/recoveries.ts'
import { RequestLogs } from './resources/request-logs.ts'
import { Usage } from './resources/usage.ts'
import { Webhooks } from './resources/webhooks.ts'
import { Workspaces } from './resources/workspaces.ts'
import { type ClientOptions, readSettings } from './settings.ts'
import { Transport } from './transport.ts'

/**
 * The AgentClara API. What is sent and answered has the API's own names. Every method takes options for the call last
 * (`signal`, `timeoutMs`, `maxRetries`, `idempotencyKey`, …) and may throw, beside what it names, AuthenticationError,
 * PermissionError, RateLimitError, ServerError, TimeoutError and ConnectionError.
 */
export class AgentClara {
  readonly me: Me
  readonly workspaces: Workspaces
  readonly members: Members
  readonly invitations: Invitations
  readonly apiKeys: ApiKeys
  readonly permissions: Permissions
  readonly clientTokens: ClientTokens
  readonly agent: Agent
  readonly knowledge: Knowledge
  readonly contacts: Contacts
  readonly conversations: Conversations
  readonly webhooks: Webhooks
  readonly deliveries: Deliveries
  readonly recoveries: Recoveries
  readonly requestLogs: RequestLogs
  readonly usage: Usage
  readonly overview: Overview
  readonly events: Events
  readonly leaks: Leaks

  /** Throws AgentClaraError when there is no key, or a secret key in a web page. */
  constructor(options: ClientOptions = {}) {
    const api = new Api(new Transport(readSettings(options)))
    this.me = new Me(api)
    this.workspaces = new Workspaces(api)
    this.members = new Members(api)
    this.invitations = new Invitations(api)
    this.apiKeys = new ApiKeys(api)
    this.permissions = new Permissions(api)
    this.clientTokens = new ClientTokens(api)
    this.agent = new Agent(api)
    this.knowledge = new Knowledge(api)
    this.contacts = new Contacts(api)
    this.conversations = new Conversations(api)
    this.webhooks = new Webhooks(api)
    this.deliveries = new Deliveries(api)
    this.recoveries = new Recoveries(api)
    this.requestLogs = new RequestLogs(api)
    this.usage = new Usage(api)
    this.overview = new Overview(api)
    this.events = new Events(api)
    this.leaks = new Leaks(api)
  }
}
