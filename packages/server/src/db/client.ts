/** The connection pool and the typed query builder over it. */
import { createHash } from 'node:crypto'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type {
  ApiKeyAuditTable,
  ApiKeyClientsTable,
  ApiKeySecretsTable,
  ApiKeysTable,
  ApiKeyUsageTable,
} from './tables/api-keys.ts'
import type {
  AccountsTable,
  PasskeysTable,
  SessionsTable,
  TwoFactorsTable,
  UsedCodesTable,
  UsersTable,
  VerificationsTable,
} from './tables/auth.ts'
import type { ContactAddressesTable, ContactsTable } from './tables/contacts.ts'
import type { ConversationsTable, MessagesTable, TurnsTable } from './tables/conversations.ts'
import type { EventsTable } from './tables/events.ts'
import type { IdempotencyKeysTable } from './tables/idempotency-keys.ts'
import type { InstallationTable } from './tables/installation.ts'
import type { KnowledgeSourcesTable, KnowledgeVersionsTable } from './tables/knowledge.ts'
import type { InvitationsTable, MembersTable } from './tables/members.ts'
import type { NodesTable } from './tables/nodes.ts'
import type { RequestLogsTable } from './tables/request-logs.ts'
import type {
  DeliveriesTable,
  DeliveryAttemptsTable,
  WebhookConsumersTable,
  WebhookRecoveriesTable,
  WebhooksTable,
} from './tables/webhooks.ts'
import type { EnvironmentsTable, FormerMembersTable, WorkspacesTable } from './tables/workspaces.ts'

export interface Database {
  'auth.users': UsersTable
  'auth.sessions': SessionsTable
  'auth.accounts': AccountsTable
  'auth.verifications': VerificationsTable
  'auth.two_factors': TwoFactorsTable
  'auth.used_codes': UsedCodesTable
  'auth.passkeys': PasskeysTable
  workspaces: WorkspacesTable
  environments: EnvironmentsTable
  former_members: FormerMembersTable
  members: MembersTable
  invitations: InvitationsTable
  api_keys: ApiKeysTable
  api_key_secrets: ApiKeySecretsTable
  api_key_clients: ApiKeyClientsTable
  api_key_usage: ApiKeyUsageTable
  api_key_audit: ApiKeyAuditTable
  contacts: ContactsTable
  contact_addresses: ContactAddressesTable
  conversations: ConversationsTable
  messages: MessagesTable
  turns: TurnsTable
  knowledge_sources: KnowledgeSourcesTable
  knowledge_versions: KnowledgeVersionsTable
  events: EventsTable
  nodes: NodesTable
  request_logs: RequestLogsTable
  installation: InstallationTable
  idempotency_keys: IdempotencyKeysTable
  webhooks: WebhooksTable
  webhook_consumers: WebhookConsumersTable
  webhook_recoveries: WebhookRecoveriesTable
  deliveries: DeliveriesTable
  delivery_attempts: DeliveryAttemptsTable
}

export type Db = Kysely<Database>
export type Tx = Transaction<Database>

export interface ConnectionOptions {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/** A connection string (`DATABASE_URL`) or the parts of one. */
export type ConnectionTarget = string | ConnectionOptions

const INT8_OID = 20

/** int8 comes back as a number: sequences and versions stay far below 2 ** 53, and one that does not must not pass. */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 out of the safe range: ${text}`)
  return value
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === INT8_OID ? parseInt8 : pg.types.getTypeParser(oid, format)),
}

export function connectionConfig(target: ConnectionTarget, applicationName: string): pg.ClientConfig {
  const base = { application_name: applicationName, types, keepAlive: true }
  return typeof target === 'string' ? { ...base, connectionString: target } : { ...base, ...target }
}

/**
 * A client that proves that it knows the password, and tells it to nobody. Whoever takes the port of a PostgreSQL that
 * crashed could otherwise ask for the password in clear, or for its MD5.
 */
class ScramClient extends pg.Client {
  // These two are how pg answers such requests; client.test.ts shows that they still are.
  _handleAuthCleartextPassword(): void {
    this.#refuse()
  }

  _handleAuthMD5Password(): void {
    this.#refuse()
  }

  #refuse(): void {
    this.connection.stream.destroy(
      new Error('the server asked for the password itself: it is not the PostgreSQL that was started'),
    )
  }
}

/** A single connection, not yet connected. */
export function createClient(target: ConnectionTarget, config: pg.ClientConfig): pg.Client {
  const all = { ...connectionConfig(target, config.application_name ?? 'agentclara'), ...config }
  return typeof target === 'string' ? new pg.Client(all) : new ScramClient(all)
}

/**
 * Opens a pool of at most `size` connections. `onError` hears of idle connections that broke; queries in flight
 * get their error themselves.
 */
export function createPool(target: ConnectionTarget, size: number, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    ...connectionConfig(target, 'agentclara'),
    ...(typeof target === 'string' ? {} : { Client: ScramClient }),
    max: size,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
  })
  pool.on('error', onError)
  // A connection that breaks while a transaction has it says so here, too; its query fails by itself.
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

export function createDb(pool: pg.Pool): Db {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: preparing(pool) }) })
}

/** Distinct statements that are prepared by name on a connection; anything beyond runs unnamed. */
const MAX_STATEMENTS = 500

/**
 * Gives each statement text a name, so that PostgreSQL parses and plans it once per connection.
 * Statements that arrive with a name or without parameters pass as they are.
 */
function preparing(pool: pg.Pool): pg.Pool {
  const names = new Map<string, string>()
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || names.size >= MAX_STATEMENTS) return known
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 24)
    names.set(text, name)
    return name
  }
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown
    const prepared = (first: unknown, values: unknown, ...rest: unknown[]) => {
      const name =
        typeof first === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(first) : undefined
      return name === undefined
        ? query(first, values, ...rest)
        : query({ name, text: first, values }, ...rest)
    }
    // pg's query() has a dozen overloads; this wrapper passes every one of them through.
    client.query = prepared as typeof client.query
  })
  return pool
}
