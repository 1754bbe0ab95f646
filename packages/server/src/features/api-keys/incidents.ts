/** What is done about a key that may be in the wrong hands: quarantine, release, reported leaks, secrets in web pages. */
import type { KeyObject } from 'node:crypto'
import { findMalformation } from '@agentclara/key-format'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { ApiError } from '../../errors.ts'
import { parseCidr } from '../../lib/cidr.ts'
import type { Id } from '../../lib/ids.ts'
import type { KeyHolder } from '../../principal.ts'
import type { Actor } from './audit.ts'
import { findCredential } from './authentication/store.ts'
import type { Caller, Changed, Edit, KeyEditor } from './editor.ts'
import { assertMayChange, assertWithin, limitsOf } from './rules.ts'
import { hashSecret } from './secret.ts'
import { statusOf } from './status.ts'
import * as store from './store.ts'
import { listAddresses } from './usage/store.ts'

const PINNED_DAYS = 30
const MAX_PINNED_ADDRESSES = 1_000
const DAY_MS = 86_400_000
/** The same trouble with the same key is noted once in this time. */
const NOTE_INTERVAL_MS = 3_600_000

export interface Leak {
  secret: string
  url: string | null
  source: string | null
  actor: Actor
}

export interface IncidentServiceOptions {
  db: Db
  editor: KeyEditor
  hmacKey: KeyObject
  /** Writes what this node counted, so that no address is missing. */
  flushUsage: () => Promise<void>
  onError: (error: unknown) => void
}

export class IncidentService {
  readonly #options: IncidentServiceOptions
  readonly #noted = new LRUCache<Id<'key'>, number>({ max: 10_000 })
  /** What goes on after an answer. */
  readonly #pending = new Set<Promise<void>>()

  constructor(options: IncidentServiceOptions) {
    this.#options = options
  }

  /** From its return on the key may only read, and only from addresses that it was used from in the last 30 days. */
  async quarantine(caller: Caller, id: Id<'key'>, reason: string): Promise<Changed> {
    await this.#options.flushUsage()
    return this.#options.editor.change(caller, id, async (edit) => {
      assertMayChange(caller, edit.key)
      assertNotOver(edit)
      await this.#quarantine(edit, reason)
    })
  }

  /** Throws `conflict` for a key that is revoked or expired. Also takes back the notes of a leak and of use in a page: they are dealt with. */
  release(caller: Caller, id: Id<'key'>): Promise<Changed> {
    return this.#options.editor.change(caller, id, async (edit) => {
      const { tx, key, now } = edit
      assertWithin(caller.limits, limitsOf(key))
      assertNotOver(edit)
      if (key.quarantined_at === null && key.leaked_at === null && key.browser_refused_at === null) return
      await store.updateApiKey(tx, key.environment_id, id, {
        quarantined_at: null,
        quarantine_reason: null,
        quarantine_addresses: [],
        leaked_at: null,
        leak_url: null,
        leak_source: null,
        browser_refused_at: null,
        browser_origin: null,
        updated_at: now,
      })
      await edit.audit('released')
      await edit.emit('api_key.released')
    })
  }

  /** Quarantines or revokes the key of a secret that somebody found, as its environment chose; returns once that is durable. */
  async reportLeak({ secret, url, source, actor }: Leak): Promise<'known' | 'unknown'> {
    const { db, editor, hmacKey, flushUsage } = this.#options
    if (findMalformation(secret) !== undefined) return 'unknown'
    const row = await findCredential(db, hashSecret(hmacKey, secret))
    if (row === undefined) return 'unknown'
    const isHarmless = row.ends_at !== null && row.ends_at <= editor.now()
    const { leak_response: response } = await store.getEnvironment(db, row.environment_id)
    if (isSettled(row, { isHarmless, response, now: editor.now() })) return 'known'
    await flushUsage()
    const scope = {
      environmentId: row.environment_id,
      environment: row.environment,
      workspaceId: row.workspace_id,
    }
    // Not waiting for the nodes: how long they take would tell a reporter that the secret is known.
    const { settle } = await editor.commit({ ...scope, actor }, row.id, async (edit) => {
      const { tx, key, now } = edit
      // Somebody else reported it at the same time.
      if (isSettled(key, { isHarmless, response, now })) return
      // Where a secret was found that still works counts for more than where an ended one was.
      const place = isHarmless && key.leaked_at !== null ? {} : { leak_url: url, leak_source: source }
      await store.updateApiKey(tx, key.environment_id, key.id, { leaked_at: now, ...place })
      const found = { url, source, secret_last_four: row.last_four }
      await edit.audit('leak_reported', found)
      await edit.emit('api_key.leaked', found)
      if (isHarmless || statusOf(key, now.getTime()) === 'revoked') return
      if (response === 'quarantine') return this.#quarantine(edit, 'leak_reported')
      await store.updateApiKey(tx, key.environment_id, key.id, { revoked_at: now, updated_at: now })
      await edit.audit('revoked', { reason: 'leak_reported' })
      await edit.emit('api_key.revoked', { reason: 'leak_reported' })
    })
    this.#goOn(settle().then(() => {}))
    return 'known'
  }

  /** Notes on the key that a page sent its secret, and tells its owner. Returns at once. */
  noteBrowser(principal: KeyHolder, origin: string, actor: Actor): void {
    const nowMs = this.#options.editor.now().getTime()
    const notedMs = this.#noted.get(principal.keyId)
    if (notedMs !== undefined && nowMs - notedMs < NOTE_INTERVAL_MS) return
    this.#noted.set(principal.keyId, nowMs)
    const note = this.#noteBrowser(principal, origin, actor).catch((error: unknown) => {
      this.#noted.delete(principal.keyId)
      throw error
    })
    this.#goOn(note)
  }

  /** Resolves when everything that was to be noted is, and nodes that had to hear of a leak did, or had their time. */
  async drain(): Promise<void> {
    await Promise.all(this.#pending)
  }

  #goOn(work: Promise<void>): void {
    const pending = work.catch(this.#options.onError).finally(() => this.#pending.delete(pending))
    this.#pending.add(pending)
  }

  async #noteBrowser({ environmentId, keyId }: KeyHolder, origin: string, actor: Actor): Promise<void> {
    const { db, editor } = this.#options
    await transact(db, async (tx) => {
      await store.lockApiKey(tx, environmentId, keyId)
      const edit = editor.edit(tx, await store.getApiKey(tx, environmentId, keyId), actor)
      const { key, now } = edit
      const lastMs = key.browser_refused_at?.getTime()
      // Another node noted it.
      if (lastMs !== undefined && now.getTime() - lastMs < NOTE_INTERVAL_MS) return
      await store.updateApiKey(tx, environmentId, keyId, { browser_refused_at: now, browser_origin: origin })
      await edit.audit('refused_in_browser', { origin })
      await edit.emit('api_key.refused_in_browser', { origin })
    })
  }

  async #quarantine({ tx, key, now, audit, emit }: Edit, reason: string): Promise<void> {
    if (key.quarantined_at !== null) return
    const since = new Date(now.getTime() - PINNED_DAYS * DAY_MS)
    const used = await listAddresses(tx, key.environment_id, key.id, since, MAX_PINNED_ADDRESSES)
    const addresses = used.filter((address) => typeof parseCidr(address) !== 'string')
    await store.updateApiKey(tx, key.environment_id, key.id, {
      quarantined_at: now,
      quarantine_reason: reason,
      quarantine_addresses: addresses,
      updated_at: now,
    })
    await audit('quarantined', { reason, addresses })
    await emit('api_key.quarantined', { reason })
  }
}

/** A further report changes nothing: the key was noted within the hour, and what its environment chose was done. */
function isSettled(
  key: Pick<store.ApiKeyRow, 'leaked_at' | 'revoked_at' | 'quarantined_at'>,
  { isHarmless, response, now }: { isHarmless: boolean; response: 'quarantine' | 'revoke'; now: Date },
): boolean {
  if (key.leaked_at === null || now.getTime() - key.leaked_at.getTime() >= NOTE_INTERVAL_MS) return false
  if (isHarmless || key.revoked_at !== null) return true
  return response === 'quarantine' && key.quarantined_at !== null
}

function assertNotOver({ key, now }: Edit): void {
  const status = statusOf(key, now.getTime())
  if (status !== 'revoked' && status !== 'expired') return
  throw new ApiError('conflict', {
    error: `This key is ${status} and stays as it is`,
    hint:
      status === 'revoked'
        ? 'It is refused already, and can’t come back: create a new key.'
        : 'It is refused already. Give it a later `expires_at` first, if it should work again.',
    details: { status },
  })
}
