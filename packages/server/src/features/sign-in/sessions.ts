/**
 * Whose session a cookie is, and as which member of which workspace it calls. What this server knows it remembers until
 * it hears of a change, so that a page that asks often costs no query; while nothing proves that it hears, for a second.
 */
import { LRUCache } from 'lru-cache'
import type { Db, Tx } from '../../db/client.ts'
import { onCommit } from '../../db/transact.ts'
import { ApiError } from '../../errors.ts'
import type { SessionChoice, Visitor } from '../../http/session.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { MemberPrincipal, Person } from '../../principal.ts'
import { roles } from '../../roles.ts'
import { SESSION_SECONDS, type SessionCookie } from './session-cookie.ts'
import { findVisits, touchSession, type VisitRow } from './store.ts'

/** What changes of people are announced on: the payload is a user's id. */
export const PEOPLE_CHANNEL = 'agentclara_people'

const MAX_REMEMBERED = 10_000
/** A heartbeat's answer vouches for what is remembered for so long. */
const HEARING_MS = 2_000
const UNHEARD_MAX_AGE_MS = 1_000
const TOUCH_INTERVAL_MS = 60_000
const RENEW_INTERVAL_MS = 86_400_000
/** Of a lookup that meets changes: beyond, what it read is used once and not remembered. */
const TRIES = 3

interface Remembered {
  readonly person: Person
  readonly members: readonly MemberPrincipal[]
  /** As of performance.now(), before it was read. */
  readonly readAtMs: number
  expiresAtMs: number
  touchedAtMs: number
  renewedAtMs: number
}

export interface SessionsOptions {
  db: Db
  clock: Clock
  /** Asked anew each time: the server's address is known once it listens. */
  cookie: () => SessionCookie
  onError: (error: unknown) => void
}

export class Sessions {
  readonly #options: SessionsOptions
  readonly #known = new LRUCache<string, Remembered>({
    max: MAX_REMEMBERED,
    dispose: ({ person }, token) => this.#unlink(person.userId, token),
  })
  readonly #tokensByUser = new Map<Id<'user'>, Set<string>>()
  readonly #lookUps = new Map<string, Promise<Remembered | undefined>>()
  readonly #touching = new Set<Promise<void>>()
  #changes = 0
  #heardAtMs = Number.NEGATIVE_INFINITY

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  holds(cookies: string): boolean {
    return this.#options.cookie().isIn(cookies)
  }

  /** Throws `unauthorized`, and `not_found` for a workspace that the person is no member of. */
  visitor(cookies: string, choice: SessionChoice): Visitor | Promise<Visitor> {
    const token = this.#options.cookie().read(cookies)
    if (token === undefined) throw ended()
    const known = this.#recall(token)
    if (known !== undefined) return this.#visit(known, token, choice)
    return this.#lookUpOnce(token).then((found) => {
      if (found === undefined) throw ended()
      return this.#visit(found, token, choice)
    })
  }

  /** Of a change in this transaction: this server has forgotten them when the caller hears that it committed. */
  announce(tx: Tx, userIds: Iterable<Id<'user'>>): void {
    const all = [...userIds]
    // Triggers tell the other servers, whoever makes the change.
    onCommit(tx, () => {
      for (const userId of all) this.forget(userId)
    })
  }

  forget(userId: Id<'user'>): void {
    this.#changes += 1
    for (const token of [...(this.#tokensByUser.get(userId) ?? [])]) this.#known.delete(token)
  }

  forgetAll(): void {
    this.#changes += 1
    this.#known.clear()
  }

  /** Every change that was announced before this instant, as of performance.now(), has been heard. */
  heard(atMs: number): void {
    this.#heardAtMs = atMs
  }

  /** Resolves when nothing is being written any more. */
  async drain(): Promise<void> {
    await Promise.all(this.#touching)
  }

  #recall(token: string): Remembered | undefined {
    const known = this.#known.get(token)
    if (known === undefined) return undefined
    const nowMs = performance.now()
    const isFresh = nowMs - this.#heardAtMs <= HEARING_MS || nowMs - known.readAtMs < UNHEARD_MAX_AGE_MS
    return isFresh ? known : undefined
  }

  #lookUpOnce(token: string): Promise<Remembered | undefined> {
    const pending = this.#lookUps.get(token)
    if (pending !== undefined) return pending
    const lookUp = this.#lookUp(token).finally(() => this.#lookUps.delete(token))
    this.#lookUps.set(token, lookUp)
    return lookUp
  }

  async #lookUp(token: string): Promise<Remembered | undefined> {
    for (let tries = 1; ; tries++) {
      const changes = this.#changes
      const readAtMs = performance.now()
      const rows = await findVisits(this.#options.db, token)
      const [first] = rows
      if (first === undefined) return undefined
      const found = toRemembered(first, rows, readAtMs)
      if (changes !== this.#changes) {
        if (tries < TRIES) continue
        return found
      }
      this.#known.set(token, found)
      const { userId } = found.person
      const tokens = this.#tokensByUser.get(userId)
      if (tokens === undefined) this.#tokensByUser.set(userId, new Set([token]))
      else tokens.add(token)
      return found
    }
  }

  #visit(known: Remembered, token: string, { workspaceId, environment }: SessionChoice): Visitor {
    const nowMs = this.#options.clock.nowMs()
    if (nowMs >= known.expiresAtMs) throw ended()
    const setCookie = this.#touch(known, token, nowMs)
    const wanted = workspaceId ?? known.members[0]?.workspaceId
    const member = known.members.find((one) => one.workspaceId === wanted && one.environment === environment)
    if (member === undefined && workspaceId !== undefined) {
      throw new ApiError('not_found', {
        error: 'You are not a member of this workspace',
        hint: 'AgentClara-Workspace names one that isn’t there, or that you are not in: GET /v1/workspaces lists yours.',
        param: 'AgentClara-Workspace',
      })
    }
    return { person: known.person, member, token, setCookie }
  }

  /** Notes that the session is used, once a minute at most. The cookie anew, once a day. */
  #touch(known: Remembered, token: string, nowMs: number): string | undefined {
    const isRenewed = nowMs - known.renewedAtMs >= RENEW_INTERVAL_MS
    if (!isRenewed && nowMs - known.touchedAtMs < TOUCH_INTERVAL_MS) return undefined
    known.touchedAtMs = nowMs
    known.expiresAtMs = nowMs + SESSION_SECONDS * 1_000
    if (isRenewed) known.renewedAtMs = nowMs
    const { db, cookie, onError } = this.#options
    const now = new Date(nowMs)
    const expiresAt = new Date(known.expiresAtMs)
    const { sessionId } = known.person
    const touching = touchSession(db, sessionId, now, expiresAt, isRenewed ? now : undefined)
      .catch(onError)
      .finally(() => this.#touching.delete(touching))
    this.#touching.add(touching)
    return isRenewed ? cookie().write(token) : undefined
  }

  #unlink(userId: Id<'user'>, token: string): void {
    const tokens = this.#tokensByUser.get(userId)
    if (tokens === undefined) return
    tokens.delete(token)
    if (tokens.size === 0) this.#tokensByUser.delete(userId)
  }
}

function ended(): ApiError {
  return new ApiError('unauthorized', { hint: 'Your session has ended: sign in again.' })
}

function toRemembered(first: VisitRow, rows: readonly VisitRow[], readAtMs: number): Remembered {
  const person: Person = {
    kind: 'person',
    userId: first.user_id,
    sessionId: first.id,
    name: first.name,
    email: first.email,
    isEmailVerified: first.email_verified,
    hasTwoFactor: first.two_factor_enabled === true,
    provedAt: first.proved_at,
  }
  return {
    person,
    members: rows.flatMap((row) => toMember(person, row) ?? []),
    readAtMs,
    expiresAtMs: first.expires_at.getTime(),
    touchedAtMs: first.last_active_at.getTime(),
    renewedAtMs: first.updated_at.getTime(),
  }
}

function toMember(person: Person, row: VisitRow): MemberPrincipal | undefined {
  const { member_id: memberId, role, workspace_id: workspaceId, workspace_name: workspaceName, plan } = row
  const { environment_id: environmentId, environment } = row
  if (memberId === null || role === null || workspaceId === null || workspaceName === null) return undefined
  if (plan === null || environmentId === null || environment === null) return undefined
  return {
    ...person,
    kind: 'member',
    memberId,
    role,
    grants: roles[role].grants,
    workspaceId,
    workspaceName,
    plan,
    environmentId,
    environment,
  }
}
