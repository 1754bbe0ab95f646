/** API keys: made, changed and revoked, with the rules that keep a key from making a stronger one. */
import { type KeyObject, randomUUID } from 'node:crypto'
import type { Db, Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import type { EventLog } from '../../events/log.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import { notFound } from '../../not-found.ts'
import { type ApiKeyPrincipal, type EnvironmentName, type Grant, missingGrants } from '../../principal.ts'
import type { KeyChanges, NodeReceipt } from './key-changes.ts'
import { createSecret, hashSecret, lastFourOf } from './secret.ts'
import * as store from './store.ts'

/** Keys that one environment may have; those that are revoked or expired don't count. */
const MAX_KEYS = 1_000

export interface NewApiKey {
  name: string
  permissions?: Grant[] | undefined
  expires_at?: string | null | undefined
}

export type ApiKeyChange = Partial<NewApiKey>

export interface Revocation {
  key: store.ApiKeyRow
  tookMs: number
  nodes: NodeReceipt[]
}

/** Who makes a key: the environment it will belong to, and what the maker may pass on. */
export interface Maker {
  environmentId: Id<'env'>
  environment: EnvironmentName
  grants: readonly Grant[]
  /** A key that ends can't make one that lives longer; null: it doesn't end. */
  expiresAt: Date | null
  label: string
}

export interface ApiKeyServiceOptions {
  db: Db
  clock: Clock
  events: EventLog
  changes: KeyChanges
  hmacKey: KeyObject
}

export class ApiKeyService {
  readonly #options: ApiKeyServiceOptions

  constructor(options: ApiKeyServiceOptions) {
    this.#options = options
  }

  /** The secret is in this answer and nowhere else. Throws when the maker lacks a permission that it would give. */
  async create(maker: Maker, input: NewApiKey): Promise<{ key: store.ApiKeyRow; secret: string }> {
    const { db, events, hmacKey } = this.#options
    const grants = input.permissions ?? ['*']
    assertMayGrant(maker.grants, grants)
    const expiresAt = this.#expiry(input.expires_at, maker.expiresAt)
    const now = this.#now()
    const secret = createSecret(maker.environment)
    const id = newId('key')
    const key = await transact(db, async (tx) => {
      if ((await store.countApiKeys(tx, maker.environmentId, now)) >= MAX_KEYS) {
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
          environment_id: maker.environmentId,
          name: input.name.trim(),
          permissions: grants,
          created_by: maker.label,
          created_at: now,
          updated_at: now,
          expires_at: expiresAt ?? maker.expiresAt,
        },
        {
          id: newId('sec'),
          api_key_id: id,
          hash: hashSecret(hmacKey, secret),
          last_four: lastFourOf(secret),
          created_at: now,
        },
      )
      await events.append(tx, maker.environmentId, {
        type: 'api_key.created',
        data: { api_key_id: id, name: input.name.trim() },
      })
      return store.getApiKey(tx, maker.environmentId, id)
    })
    return { key, secret }
  }

  async list(principal: ApiKeyPrincipal, page: PageRequest): Promise<Page<store.ApiKeyRow>> {
    const rows = await store.listApiKeys(this.#options.db, principal.environmentId, page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  get(principal: ApiKeyPrincipal, id: Id<'key'>): Promise<store.ApiKeyRow> {
    return getApiKey(this.#options.db, principal, id)
  }

  /** Throws `conflict` for a revoked key: it stays as it was. */
  async update(principal: ApiKeyPrincipal, id: Id<'key'>, change: ApiKeyChange): Promise<store.ApiKeyRow> {
    const { environmentId } = principal
    if (change.permissions !== undefined) assertMayGrant(principal.grants, change.permissions)
    const expiresAt = this.#expiry(change.expires_at, principal.expiresAt)
    return this.#change(principal, id, randomUUID(), async (tx, current) => {
      // Whoever may not hand out what the key has may not take it over by changing it either.
      assertMayGrant(principal.grants, current.permissions as Grant[])
      if (current.revoked_at !== null) {
        throw new ApiError('conflict', {
          error: 'This key is revoked and stays as it is',
          details: { status: 'revoked' },
        })
      }
      await store.updateApiKey(tx, environmentId, id, {
        updated_at: this.#now(),
        ...(change.name === undefined ? {} : { name: change.name.trim() }),
        ...(change.permissions === undefined ? {} : { permissions: change.permissions }),
        ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
      })
    })
  }

  /**
   * Takes effect on every live node before it returns; one that doesn't say so within two seconds is named in the
   * receipt, and accepts the key no longer than that either. Revoking twice changes nothing.
   */
  async revoke(principal: ApiKeyPrincipal, id: Id<'key'>): Promise<Revocation> {
    const startedMs = performance.now()
    const { environmentId } = principal
    const changeId = randomUUID()
    using acknowledgements = this.#options.changes.expect(changeId)
    const key = await this.#change(principal, id, changeId, async (tx, current) => {
      assertMayGrant(principal.grants, current.permissions as Grant[])
      if (current.revoked_at !== null) return
      const now = this.#now()
      await store.updateApiKey(tx, environmentId, id, { revoked_at: now, updated_at: now })
      const event = { type: 'api_key.revoked', data: { api_key_id: id, name: current.name } } as const
      await this.#options.events.append(tx, environmentId, event)
    })
    const nodes = await acknowledgements.collect(startedMs)
    return { key, tookMs: Math.round((performance.now() - startedMs) * 10) / 10, nodes }
  }

  async #change(
    principal: ApiKeyPrincipal,
    id: Id<'key'>,
    changeId: string,
    work: (tx: Tx, current: store.ApiKeyRow) => Promise<void>,
  ): Promise<store.ApiKeyRow> {
    const { db, changes } = this.#options
    const { environmentId } = principal
    const changed = await transact(db, async (tx) => {
      await store.lockApiKey(tx, environmentId, id)
      await work(tx, await getApiKey(tx, principal, id))
      await changes.announce(tx, id, changeId)
      return store.getApiKey(tx, environmentId, id)
    })
    changes.dropHere(id)
    return changed
  }

  /** `latest` is when the caller itself ends: what it makes or changes may not outlive it. */
  #expiry(text: string | null | undefined, latest: Date | null): Date | null | undefined {
    if (text === undefined) return undefined
    const date = text === null ? null : new Date(text)
    if (latest !== null && (date === null || date > latest)) {
      throw new ApiError('insufficient_permissions', {
        error: 'A key can’t make a key that outlives it',
        hint: `The calling key ends at ${latest.toISOString()}: choose an earlier \`expires_at\`, or use a key that lives longer.`,
        param: 'expires_at',
        details: { latest: latest.toISOString() },
      })
    }
    if (date === null) return null
    if (date.getTime() <= this.#options.clock.nowMs()) {
      throw invalidField('expires_at', 'must be in the future', 'To end a key now, revoke it.')
    }
    return date
  }

  #now(): Date {
    return new Date(this.#options.clock.nowMs())
  }
}

async function getApiKey(db: Db | Tx, principal: ApiKeyPrincipal, id: Id<'key'>): Promise<store.ApiKeyRow> {
  const row = await store.findApiKey(db, principal.environmentId, id)
  if (row === undefined) throw await notFound(db, principal, 'api_keys', id)
  return row
}

function assertMayGrant(held: readonly Grant[], wanted: readonly Grant[]): void {
  const [missing] = missingGrants(held, wanted)
  if (missing === undefined) return
  throw new ApiError('insufficient_permissions', {
    error: 'A key can’t give more than it has',
    hint: `The calling key lacks ${missing === '*' ? '* (all permissions)' : missing}.`,
    param: 'permissions',
    details: { required: missing, granted: held },
  })
}
