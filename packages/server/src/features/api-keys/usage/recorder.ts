/**
 * Who uses which secret and how it goes: counted in memory, written once a second, never awaited by a request. What
 * can't be written is kept for the next time, within bounds; a crash loses the last second.
 */
import type { Visit } from '../../../http/authentication.ts'
import type { Clock } from '../../../lib/clock.ts'
import { plainUserAgent } from '../../../lib/header-text.ts'
import type { Id } from '../../../lib/ids.ts'
import type { KeyHolder } from '../../../principal.ts'

const FLUSH_INTERVAL_MS = 1_000
const HOUR_MS = 3_600_000
/** Callers of one secret that are told apart in one batch, and all of them together; the rest are counted as one. */
const MAX_CLIENTS_PER_SECRET = 500
const MAX_CLIENTS = 20_000
export const OTHERS = '(others)'

/** A caller, and what it called. */
export interface ClientCount {
  environmentId: Id<'env'>
  keyId: Id<'key'>
  secretId: Id<'sec'>
  endpoint: string
  address: string
  userAgent: string
  firstSeenMs: number
  lastUsedMs: number | null
  requests: number
  lastRefusedMs: number | null
  refused: number
}

/** Requests of a key in one hour. */
export interface HourCount {
  environmentId: Id<'env'>
  keyId: Id<'key'>
  /** When the hour begins. */
  hourMs: number
  requests: number
  refused: number
  rateLimited: number
  clientErrors: number
  serverErrors: number
}

export interface UsageBatch {
  clients: ClientCount[]
  hours: HourCount[]
}

export interface UsageRecorderOptions {
  clock: Clock
  write: (batch: UsageBatch) => Promise<void>
  onError: (error: unknown) => void
}

export class UsageRecorder {
  readonly #options: UsageRecorderOptions
  #clients = new Map<string, ClientCount>()
  #clientsOfSecret = new Map<Id<'sec'>, number>()
  #hours = new Map<string, HourCount>()
  /** The latest caller: most requests come from the one that came before. */
  #lastClient: ClientCount | undefined
  #lastHour: HourCount | undefined
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: UsageRecorderOptions) {
    this.#options = options
  }

  /** Returns when it was, for `failed`. */
  accepted(principal: KeyHolder, visit: Visit): number {
    const nowMs = this.#options.clock.nowMs()
    this.#hour(principal, nowMs).requests += 1
    // Browsers with a token are customers, not clients of the key.
    if (principal.kind === 'client_token') return nowMs
    const client = this.#client(principal, visit, nowMs)
    client.requests += 1
    client.lastUsedMs = nowMs
    return nowMs
  }

  /** It was let in nowhere: 401, 403. Returns when it was. */
  refused(principal: KeyHolder, visit: Visit): number {
    const nowMs = this.#options.clock.nowMs()
    const hour = this.#hour(principal, nowMs)
    hour.requests += 1
    hour.refused += 1
    if (principal.kind === 'client_token') return nowMs
    const client = this.#client(principal, visit, nowMs)
    client.refused += 1
    client.lastRefusedMs = nowMs
    return nowMs
  }

  /** A request that was counted as accepted at this instant failed with this status: it counts in that hour, whole. */
  failed(principal: KeyHolder, status: number, acceptedAtMs: number): void {
    const hour = this.#hour(principal, acceptedAtMs)
    if (status >= 500) hour.serverErrors += 1
    else if (status === 429) hour.rateLimited += 1
    else if (status === 401 || status === 403) hour.refused += 1
    else hour.clientErrors += 1
  }

  /** Resolves when all that was counted before the call is written, or kept because it can't be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    if (this.#clients.size === 0 && this.#hours.size === 0) return
    const batch: UsageBatch = { clients: [...this.#clients.values()], hours: [...this.#hours.values()] }
    this.#clients = new Map()
    this.#clientsOfSecret = new Map()
    this.#hours = new Map()
    this.#lastClient = undefined
    this.#lastHour = undefined
    try {
      await this.#options.write(batch)
    } catch (error) {
      this.#options.onError(error)
      this.#putBack(batch)
    }
  }

  #putBack({ clients, hours }: UsageBatch): void {
    for (const count of hours) {
      const hour = this.#hourOf(count.environmentId, count.keyId, count.hourMs)
      hour.requests += count.requests
      hour.refused += count.refused
      hour.rateLimited += count.rateLimited
      hour.clientErrors += count.clientErrors
      hour.serverErrors += count.serverErrors
    }
    for (const count of clients) {
      const client = this.#clientOf(count, count, count.firstSeenMs)
      client.firstSeenMs = Math.min(client.firstSeenMs, count.firstSeenMs)
      client.requests += count.requests
      client.lastUsedMs = later(client.lastUsedMs, count.lastUsedMs)
      client.refused += count.refused
      client.lastRefusedMs = later(client.lastRefusedMs, count.lastRefusedMs)
    }
    this.#schedule()
  }

  #hour(principal: KeyHolder, nowMs: number): HourCount {
    const last = this.#lastHour
    const age = last === undefined ? -1 : nowMs - last.hourMs
    if (last !== undefined && last.keyId === principal.keyId && age >= 0 && age < HOUR_MS) return last
    this.#schedule()
    const hour = this.#hourOf(principal.environmentId, principal.keyId, nowMs - (nowMs % HOUR_MS))
    this.#lastHour = hour
    return hour
  }

  #hourOf(environmentId: Id<'env'>, keyId: Id<'key'>, hourMs: number): HourCount {
    const name = `${keyId} ${hourMs}`
    const known = this.#hours.get(name)
    if (known !== undefined) return known
    const zero = { requests: 0, refused: 0, rateLimited: 0, clientErrors: 0, serverErrors: 0 }
    const hour: HourCount = { environmentId, keyId, hourMs, ...zero }
    this.#hours.set(name, hour)
    return hour
  }

  #client(principal: KeyHolder, visit: Visit, nowMs: number): ClientCount {
    const last = this.#lastClient
    if (
      last !== undefined &&
      last.secretId === principal.secretId &&
      last.endpoint === visit.endpoint &&
      last.address === visit.address &&
      last.userAgent === visit.userAgent
    )
      return last
    this.#schedule()
    const client = this.#clientOf(principal, visit, nowMs)
    this.#lastClient = client
    return client
  }

  #clientOf(key: Pick<ClientCount, 'environmentId' | 'keyId' | 'secretId'>, visit: Visit, nowMs: number) {
    const { endpoint, address } = visit
    const userAgent = plainUserAgent(visit.userAgent)
    const known = this.#clients.get(`${key.secretId}\n${endpoint}\n${address}\n${userAgent}`)
    if (known !== undefined) return known
    const count = this.#clientsOfSecret.get(key.secretId) ?? 0
    const isCrowd = count >= MAX_CLIENTS_PER_SECRET || this.#clients.size >= MAX_CLIENTS
    const who = isCrowd ? { address: OTHERS, userAgent: OTHERS } : { address, userAgent }
    const name = `${key.secretId}\n${endpoint}\n${who.address}\n${who.userAgent}`
    const crowd = isCrowd ? this.#clients.get(name) : undefined
    if (crowd !== undefined) return crowd
    const client: ClientCount = {
      environmentId: key.environmentId,
      keyId: key.keyId,
      secretId: key.secretId,
      endpoint,
      ...who,
      firstSeenMs: nowMs,
      lastUsedMs: null,
      requests: 0,
      lastRefusedMs: null,
      refused: 0,
    }
    this.#clients.set(name, client)
    this.#clientsOfSecret.set(key.secretId, count + 1)
    return client
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS).unref()
  }
}

function later(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b > a) ? b : a
}
