/** How a key is changed: under its row's lock, with its events and its audit entry, and known to every node before the answer. */
import type { Db, Tx } from '../../db/client.ts'
import { transact, transactOnce } from '../../db/transact.ts'
import type { EventLog, NewEvent } from '../../events/log.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, isId } from '../../lib/ids.ts'
import type { JsonObject } from '../../lib/json.ts'
import { notFound } from '../../not-found.ts'
import type { Scope } from '../../principal.ts'
import type { Actor, AuditAction } from './audit.ts'
import { recordAudit } from './audit-store.ts'
import type { ChangeReceipt, KeyChanges } from './authentication/key-changes.ts'
import type { Limits } from './rules.ts'
import type { Credential, StillAllowed } from './still-allowed.ts'
import * as store from './store.ts'

/** Who changes keys, of which environment, and how far that goes. */
export interface Caller extends Scope {
  readonly limits: Limits
  readonly actor: Actor
  /** What the request was made with, and is looked at again by; null: who runs the installation, and can lose nothing. */
  readonly credential: Credential | null
}

/** Beside callers, whoever reports a leak, who has no limits to keep. */
export type ChangedBy = Caller | (Scope & { readonly actor: Actor; readonly credential?: never })

export interface Changed<T = void> {
  key: store.ApiKeyRow
  /** What the work returned. */
  made: T
  receipt: ChangeReceipt
}

export interface KeyEditorOptions {
  db: Db
  clock: Clock
  events: EventLog
  changes: KeyChanges
  stillAllowed: StillAllowed
}

/** What the work on a key writes beside the key itself. */
export interface Edit {
  readonly tx: Tx
  /** As it was when the lock was taken. */
  readonly key: store.ApiKeyRow
  readonly now: Date
  audit(action: AuditAction, changes?: JsonObject): Promise<void>
  /** Appends an event about the key; its id and name are added to the data. */
  emit(type: NewEvent['type'], data?: JsonObject): Promise<void>
}

export class KeyEditor {
  readonly #options: KeyEditorOptions

  constructor(options: KeyEditorOptions) {
    this.#options = options
  }

  now(): Date {
    return new Date(this.#options.clock.nowMs())
  }

  /**
   * Runs the work and tells every node. Returns when all live nodes have dropped the key, or after two seconds with
   * those named that didn't say so. Throws not_found. The work may run more than once.
   */
  async change<T>(by: ChangedBy, id: Id<'key'>, work: (edit: Edit) => Promise<T>): Promise<Changed<T>> {
    const { key, made, settle } = await this.commit(by, id, work)
    return { key, made, receipt: await settle() }
  }

  /** The same, but returns once it is committed; `settle` must be called, and waits for the nodes. */
  async commit<T>(
    by: ChangedBy,
    id: Id<'key'>,
    work: (edit: Edit) => Promise<T>,
  ): Promise<{ key: store.ApiKeyRow; made: T; settle: () => Promise<ChangeReceipt> }> {
    const { db, changes, stillAllowed } = this.#options
    if (!isId('key', id)) throw await notFound(db, by, 'api_keys', id)
    const change = changes.begin(id)
    try {
      const { key, made } = await transactOnce(db, by, async (tx) => {
        await store.lockApiKey(tx, by.environmentId, id)
        const current = await store.findApiKey(tx, by.environmentId, id)
        if (current === undefined) throw await notFound(tx, by, 'api_keys', id)
        // A key that revokes itself twice at once is told both times that it is revoked: nothing else can be done to it.
        const isOver = by.actor.id === id && current.revoked_at !== null
        if (by.credential !== undefined && !isOver) await stillAllowed.assert(tx, by)
        const made = await work(this.edit(tx, current, by.actor))
        await change.announce(tx)
        return { key: await store.getApiKey(tx, by.environmentId, id), made }
      })
      // The nodes were told of the earlier try, but nobody heard their answers.
      if (by.once?.isRepeat === true) await transact(db, (tx) => change.announce(tx))
      return { key, made, settle: () => change.settle().finally(() => change[Symbol.dispose]()) }
    } catch (error) {
      change[Symbol.dispose]()
      throw error
    }
  }

  /** For making a key, or what holds for all: see StillAllowed. */
  assertStillAllowed(tx: Tx, caller: Caller): Promise<void> {
    return this.#options.stillAllowed.assert(tx, caller)
  }

  /** For a change that no node has to hear of, within a transaction that holds the row. */
  edit(tx: Tx, key: store.ApiKeyRow, actor: Actor): Edit {
    const { events } = this.#options
    const now = this.now()
    const { environment_id: environmentId, id: keyId } = key
    return {
      tx,
      key,
      now,
      audit: (action, changes) =>
        recordAudit(tx, { environmentId, keyId, action, actor, at: now, ...(changes && { changes }) }),
      emit: (type, data) =>
        events.append(tx, environmentId, { type, data: { api_key_id: keyId, name: key.name, ...data } }),
    }
  }
}
