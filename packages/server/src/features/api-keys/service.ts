/** API keys: made, read, changed and revoked, with the rules that keep a key from making a stronger one. */
import type { KeyObject } from 'node:crypto'
import { lastFourOf } from '@agentclara/key-format'
import type { Db } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import { type Grant, type PresetName, presets, type Scope } from '../../principal.ts'
import { type Actor, adminActor } from './audit.ts'
import { type AuditRow, listAudit } from './audit-store.ts'
import { PLAN_LIMITS_PER_MINUTE } from './authentication/credentials.ts'
import type { Caller, Changed, KeyEditor } from './editor.ts'
import { initialNotice } from './expiry.ts'
import {
  assertMayChange,
  assertWithin,
  type Limits,
  limitsOf,
  noLimits,
  type OwnerInput,
  parseAllowlist,
  parseExpiry,
  parseOwner,
} from './rules.ts'
import { createSecret, hashSecret } from './secret.ts'
import * as store from './store.ts'

/** Keys that one environment may have; those that are revoked or expired don't count. */
const MAX_KEYS = 1_000

export interface NewApiKey {
  name: string
  permissions?: Grant[] | undefined
  preset?: PresetName | undefined
  expires_at?: string | null | undefined
  ip_allowlist?: string[] | undefined
  rate_limit_per_minute?: number | null | undefined
  owner?: OwnerInput | undefined
}

export type ApiKeyChange = Partial<NewApiKey>

export type Receipt = ReturnType<typeof toReceipt>

export interface Revocation {
  key: store.ApiKeyRow
  /** As it was answered the first time. */
  receipt: Receipt
}

export interface ApiKeyServiceOptions {
  db: Db
  editor: KeyEditor
  hmacKey: KeyObject
}

export class ApiKeyService {
  readonly #options: ApiKeyServiceOptions

  constructor(options: ApiKeyServiceOptions) {
    this.#options = options
  }

  /** The secret is in this answer and nowhere else. What isn't given is as the caller is confined itself. */
  async create(caller: Caller, input: NewApiKey): Promise<{ key: store.ApiKeyRow; secret: string }> {
    const { db, editor, hmacKey } = this.#options
    const { environmentId, limits, actor } = caller
    const now = editor.now()
    const wanted = { ...limits, grants: ['*'] as const, ...parseLimits(input, now.getTime()) }
    assertWithin(limits, wanted)
    const name = input.name.trim()
    return transactOnce(db, caller, async (tx) => {
      const secret = createSecret(caller.environment)
      const id = newId('key')
      await assertPlanAllows(tx, environmentId, input.rate_limit_per_minute)
      await store.lockEnvironment(tx, environmentId)
      await editor.assertStillAllowed(tx, caller)
      if (!(await store.isOfLiveWorkspace(tx, environmentId))) throw new ApiError('not_found')
      if ((await store.countApiKeys(tx, environmentId, now)) >= MAX_KEYS) {
        throw new ApiError('conflict', {
          error: `An environment has at most ${MAX_KEYS} API keys`,
          hint: 'Revoke keys that are no longer used.',
          details: { limit: MAX_KEYS },
        })
      }
      await store.insertApiKey(
        tx,
        {
          id,
          environment_id: environmentId,
          name,
          ...toColumns(wanted),
          ...parseOwner(input.owner ?? { type: 'app' }),
          ...makerOf(actor),
          created_at: now,
          updated_at: now,
          expiry_noted_days: initialNotice(wanted.expiresAt, now),
        },
        {
          id: newId('sec'),
          api_key_id: id,
          hash: hashSecret(hmacKey, secret),
          last_four: lastFourOf(secret),
          created_at: now,
        },
      )
      const made = await store.getApiKey(tx, environmentId, id)
      const edit = editor.edit(tx, made, actor)
      await edit.audit('created', describe(made))
      await edit.emit('api_key.created')
      return { key: made, secret }
    })
  }

  async list(
    scope: Scope,
    filter: Omit<store.ApiKeyFilter, 'now'>,
    page: PageRequest,
  ): Promise<Page<store.ApiKeyRow>> {
    const { db, editor } = this.#options
    const rows = await store.listApiKeys(db, scope.environmentId, { ...filter, now: editor.now() }, page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  async get(scope: Scope, id: Id<'key'>): Promise<store.ApiKeyRow> {
    const row = await store.findApiKey(this.#options.db, scope.environmentId, id)
    if (row === undefined) throw await notFound(this.#options.db, scope, 'api_keys', id)
    return row
  }

  /** What was done to one key, or to all of the environment; newest first. */
  async listAudit(scope: Scope, id: Id<'key'> | undefined, page: PageRequest): Promise<Page<AuditRow>> {
    if (id !== undefined) await this.get(scope, id)
    const rows = await listAudit(this.#options.db, scope.environmentId, id, page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  /** Throws `conflict` for a revoked key: it stays as it was. Every node knows the change before it returns. */
  async update(caller: Caller, id: Id<'key'>, change: ApiKeyChange): Promise<store.ApiKeyRow> {
    const { editor } = this.#options
    const given = parseLimits(change, editor.now().getTime())
    const { key } = await editor.change(caller, id, async ({ tx, key: current, now, audit, emit }) => {
      assertMayChange(caller, current)
      if (current.revoked_at !== null) {
        throw new ApiError('conflict', {
          error: 'This key is revoked and stays as it is',
          hint: 'A revoked key can’t come back: create a new key.',
          details: { status: 'revoked' },
        })
      }
      await assertPlanAllows(tx, caller.environmentId, change.rate_limit_per_minute)
      const wanted = { ...limitsOf(current), ...given }
      assertWithin(caller.limits, wanted)
      await store.updateApiKey(tx, caller.environmentId, id, {
        updated_at: now,
        ...(change.name === undefined ? {} : { name: change.name.trim() }),
        ...toColumns(wanted),
        ...(change.owner === undefined ? {} : parseOwner(change.owner)),
        ...(given.expiresAt === undefined ? {} : { expiry_noted_days: initialNotice(given.expiresAt, now) }),
      })
      const updated = await store.getApiKey(tx, caller.environmentId, id)
      const changes = difference(describe(current), describe(updated))
      if (Object.keys(changes).length === 0) return
      await audit('updated', changes)
      await emit('api_key.updated', { name: updated.name, changed: Object.keys(changes) })
    })
    return key
  }

  /**
   * Takes effect on every live node before it returns; one that doesn't say so within two seconds is named in the
   * receipt, and accepts the key no longer than that either. Revoking again changes nothing and gives the same receipt.
   */
  async revoke(caller: Caller, id: Id<'key'>): Promise<Revocation> {
    const { db, editor } = this.#options
    const before = await this.get(caller, id)
    assertMayChange(caller, before)
    if (before.revocation !== null) return { key: before, receipt: asReceipt(before.revocation) }
    const { key, receipt } = await editor.change(
      caller,
      id,
      async ({ tx, key: current, now, audit, emit }) => {
        assertMayChange(caller, current)
        if (current.revoked_at !== null) return
        await store.updateApiKey(tx, caller.environmentId, id, { revoked_at: now, updated_at: now })
        await audit('revoked')
        await emit('api_key.revoked')
      },
    )
    // Of revokes at the same time the first receipt is that of all.
    const kept = await store.keepRevocation(db, caller.environmentId, id, toReceipt(receipt))
    return { key: { ...key, revocation: kept }, receipt: asReceipt(kept) }
  }
}

/** A key as who runs the installation makes it: without limits, in any environment. */
export function adminCaller(scope: Scope, actor: Actor = adminActor): Caller {
  return { ...scope, limits: noLimits, actor, credential: null }
}

/** Only these make keys: whoever finds a secret makes none. */
function makerOf({ type, id, name }: Actor) {
  if (type === 'anyone' || type === 'github') throw new TypeError(`${type} can’t make a key`)
  return { created_by_type: type, created_by: id, created_by_name: name }
}

/** The receipt of a change on the wire. */
export function toReceipt({ tookMs, nodes, requestsSinceClick }: Changed['receipt']) {
  return {
    took_ms: tookMs,
    nodes: nodes.map((node) => ({ id: node.id, took_ms: node.tookMs })),
    requests_since_click: requestsSinceClick,
  }
}

/** Only `revoke` writes it, from a receipt. */
function asReceipt(stored: JsonObject | null): Receipt {
  return stored as unknown as Receipt
}

function toColumns(limits: Limits) {
  return {
    permissions: [...limits.grants],
    expires_at: limits.expiresAt,
    ip_allowlist: [...limits.ipAllowlist],
    rate_limit_per_minute: limits.rateLimitPerMinute,
  }
}

/** Only what the input names. */
function parseLimits(input: ApiKeyChange, nowMs: number): Partial<Limits> {
  if (input.permissions !== undefined && input.preset !== undefined) {
    throw invalidField('preset', 'can’t be given beside `permissions`', 'Give one of the two.')
  }
  const grants = input.preset === undefined ? input.permissions : presets[input.preset].permissions
  return {
    ...(grants === undefined ? {} : { grants }),
    ...(input.expires_at === undefined ? {} : { expiresAt: parseExpiry(input.expires_at, nowMs) }),
    ...(input.ip_allowlist === undefined ? {} : { ipAllowlist: parseAllowlist(input.ip_allowlist) }),
    ...(input.rate_limit_per_minute === undefined ? {} : { rateLimitPerMinute: input.rate_limit_per_minute }),
  }
}

async function assertPlanAllows(
  tx: Db,
  environmentId: Id<'env'>,
  rateLimitPerMinute: number | null | undefined,
): Promise<void> {
  if ((rateLimitPerMinute ?? null) === null) return
  const { plan } = await store.getEnvironment(tx, environmentId)
  const most = PLAN_LIMITS_PER_MINUTE[plan]
  if (Number(rateLimitPerMinute) <= most) return
  throw invalidField(
    'rate_limit_per_minute',
    `must be at most ${most}, what the plan of this workspace allows`,
  )
}

/** What the audit trail says of a key. */
function describe(key: store.ApiKeyRow): JsonObject {
  return {
    name: key.name,
    permissions: key.permissions,
    expires_at: key.expires_at?.toISOString() ?? null,
    ip_allowlist: key.ip_allowlist,
    rate_limit_per_minute: key.rate_limit_per_minute,
    owner: { type: key.owner_type, name: key.owner_name, email: key.owner_email },
  }
}

function difference(before: JsonObject, after: JsonObject): JsonObject {
  const fields = Object.keys(after).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  )
  return Object.fromEntries(
    fields.map((field) => [field, { from: before[field] ?? null, to: after[field] ?? null }]),
  )
}
