/** How a key is used: by outcome over time, by whom, during a rotation, and which permissions that needs. */
import type { Db } from '../../../db/client.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Id } from '../../../lib/ids.ts'
import type { Grant, Permission, Scope } from '../../../principal.ts'
import { readUsageRange, type UsageQuery } from '../../../usage-counts.ts'
import type { ApiKeyService } from '../service.ts'
import { isRotating } from '../status.ts'
import { type ApiKeyRow, listSecrets, type SecretRow } from '../store.ts'
import { type Cockpit, rotationCockpit } from './cockpit.ts'
import { type ClientRow, listCalls, listClients, listUsage } from './store.ts'
import { type Call, type SuggestedPermissions, suggestPermissions } from './suggestions.ts'

const DAY_MS = 86_400_000
const OBSERVED_DAYS = 30
/** Callers that an answer lists for each secret, and those that are read to say who moved. */
const MAX_LISTED = 200
const MAX_READ = 20_000
/** The current secret and those that it replaced. */
const MAX_SECRETS = 10

export interface SecretUsage {
  secret: SecretRow
  clients: ClientRow[]
  hasMoreClients: boolean
}

export interface KeyUsage {
  key: ApiKeyRow
  since: Date
  until: Date
  buckets: Awaited<ReturnType<typeof listUsage>>
  secrets: SecretUsage[]
  /** While two secrets work. */
  cockpit: Cockpit | null
}

export interface UsageServiceOptions {
  db: Db
  clock: Clock
  apiKeys: ApiKeyService
  /** Writes what this node counted; other nodes are a second behind at most. */
  flushUsage: () => Promise<void>
}

export class UsageService {
  readonly #options: UsageServiceOptions

  constructor(options: UsageServiceOptions) {
    this.#options = options
  }

  async get(scope: Scope, id: Id<'key'>, query: UsageQuery): Promise<KeyUsage> {
    const { db, apiKeys, flushUsage } = this.#options
    await flushUsage()
    const key = await apiKeys.get(scope, id)
    const now = new Date(this.#options.clock.nowMs())
    const range = readUsageRange(query, now)
    const [buckets, secrets, clients] = await Promise.all([
      listUsage(db, scope.environmentId, id, { ...range, interval: query.interval }),
      listSecrets(db, id, MAX_SECRETS),
      listClients(db, scope.environmentId, id, new Date(now.getTime() - OBSERVED_DAYS * DAY_MS), MAX_READ),
    ])
    return {
      key,
      ...range,
      buckets,
      secrets: secrets.map((secret) => {
        const own = clients.filter((client) => client.secret_id === secret.id)
        return { secret, clients: own.slice(0, MAX_LISTED), hasMoreClients: own.length > MAX_LISTED }
      }),
      cockpit: isRotating(key, now.getTime()) ? cockpitOf(secrets, clients, now) : null,
    }
  }

  async suggestPermissions(
    scope: Scope,
    id: Id<'key'>,
    permissionOf: (endpoint: string) => Permission | undefined,
  ): Promise<SuggestedPermissions & { key: ApiKeyRow; since: Date; calls: Call[] }> {
    const { db, apiKeys, clock, flushUsage } = this.#options
    await flushUsage()
    const key = await apiKeys.get(scope, id)
    const since = new Date(clock.nowMs() - OBSERVED_DAYS * DAY_MS)
    const calls = await listCalls(db, scope.environmentId, id, since)
    // Written after validation against the list of permissions.
    const suggestion = suggestPermissions(key.permissions as Grant[], calls, permissionOf)
    return { ...suggestion, key, since, calls }
  }
}

function cockpitOf(secrets: readonly SecretRow[], clients: readonly ClientRow[], now: Date): Cockpit | null {
  const [current, old] = secrets
  if (current === undefined || old?.superseded_at == null || old.ends_at === null) return null
  return rotationCockpit({
    currentSecretId: current.id,
    oldSecretId: old.id,
    startedAt: old.superseded_at,
    endsAt: old.ends_at,
    uses: clients.map((client) => ({
      secretId: client.secret_id,
      address: client.address,
      userAgent: client.user_agent,
      endpoint: client.endpoint,
      lastUsedAt: client.last_used_at,
      requests: client.requests,
    })),
    now,
  })
}
