/** What time does to keys: notices before they end, the end itself noted, old counts deleted. Any node may do any of it. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import { systemActor } from './audit.ts'
import type { KeyEditor } from './editor.ts'
import { dueNotice } from './expiry.ts'
import * as store from './store.ts'
import { pruneClients, pruneUsage } from './usage/store.ts'

const DAY_MS = 86_400_000
const BATCH = 100
const CLIENTS_KEPT_DAYS = 90
const CLIENTS_KEPT_PER_SECRET = 1_000
const USAGE_KEPT_DAYS = 400

export interface KeyUpkeepOptions {
  db: Db
  clock: Clock
  editor: KeyEditor
}

export class KeyUpkeep {
  readonly #options: KeyUpkeepOptions

  constructor(options: KeyUpkeepOptions) {
    this.#options = options
  }

  /** Does all that is due. Safe to run on several nodes at once: each row is taken by one of them. */
  async run(): Promise<void> {
    while ((await this.#noteKeys()) === BATCH);
    while ((await this.#noteSecrets()) === BATCH);
    const { db } = this.#options
    const nowMs = this.#options.clock.nowMs()
    await pruneClients(db, new Date(nowMs - CLIENTS_KEPT_DAYS * DAY_MS), CLIENTS_KEPT_PER_SECRET)
    await pruneUsage(db, new Date(nowMs - USAGE_KEPT_DAYS * DAY_MS))
  }

  /** Keys that end within 7 days, within a day, or have ended; how many there were. */
  #noteKeys(): Promise<number> {
    return transact(this.#options.db, async (tx) => {
      const now = this.#now()
      const due = await lockDueKeys(tx, now)
      for (const { id, environment_id: environmentId } of due) {
        const key = await store.getApiKey(tx, environmentId, id)
        const days =
          key.expires_at === null ? undefined : dueNotice(key.expires_at, key.expiry_noted_days, now)
        if (days === undefined) continue
        const { audit, emit } = this.#options.editor.edit(tx, key, systemActor)
        await store.updateApiKey(tx, environmentId, id, { expiry_noted_days: days })
        const end = { expires_at: key.expires_at?.toISOString() ?? null }
        if (days > 0) {
          await emit('api_key.expiring', { subject: 'key', ...end, days })
        } else {
          await audit('expired', end)
          await emit('api_key.expired', end)
        }
      }
      return due.length
    })
  }

  /** Old secrets whose overlap ends within a day (if it was longer), or has ended; how many there were. */
  #noteSecrets(): Promise<number> {
    return transact(this.#options.db, async (tx) => {
      const now = this.#now()
      const due = await lockDueSecrets(tx, now)
      for (const secret of due) {
        const key = await store.getApiKey(tx, secret.environment_id, secret.api_key_id)
        const { audit, emit } = this.#options.editor.edit(tx, key, systemActor)
        const hasEnded = secret.ends_at <= now
        await store.updateSecret(tx, secret.id, { end_announced: true, end_noted: hasEnded })
        if (key.revoked_at !== null) continue
        if (hasEnded) {
          await audit('rotation_finished')
          await emit('api_key.rotation_finished')
        } else {
          const ends = { expires_at: secret.ends_at.toISOString(), days: 1 }
          await emit('api_key.expiring', { subject: 'old_secret', ...ends })
        }
      }
      return due.length
    })
  }

  #now(): Date {
    return new Date(this.#options.clock.nowMs())
  }
}

/** A day has 24 hours here, as in expiry.ts, and not the 23 or 25 that the database's zone may give it. */
function inDays(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS)
}

async function lockDueKeys(tx: Tx, now: Date): Promise<{ id: Id<'key'>; environment_id: Id<'env'> }[]> {
  const { rows } = await sql<{ id: Id<'key'>; environment_id: Id<'env'> }>`
    SELECT id, environment_id FROM api_keys
     WHERE revoked_at IS NULL
       AND (expires_at <= ${inDays(now, 7)} AND coalesce(expiry_noted_days, 99) > 7
         OR expires_at <= ${inDays(now, 1)} AND coalesce(expiry_noted_days, 99) > 1
         OR expires_at <= ${now} AND coalesce(expiry_noted_days, 99) > 0)
     ORDER BY id LIMIT ${sql.lit(BATCH)} FOR UPDATE SKIP LOCKED`.execute(tx)
  return rows
}

interface DueSecret {
  id: Id<'sec'>
  api_key_id: Id<'key'>
  environment_id: Id<'env'>
  ends_at: Date
}

/** Keys are locked first, as whoever rotates them does. */
async function lockDueSecrets(tx: Tx, now: Date): Promise<DueSecret[]> {
  const { rows } = await sql<DueSecret>`
    SELECT s.id, s.api_key_id, k.environment_id, s.ends_at
      FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id
     WHERE NOT s.end_noted
       AND (s.ends_at <= ${now} OR NOT s.end_announced AND s.ends_at <= ${inDays(now, 1)})
     ORDER BY k.id LIMIT ${sql.lit(BATCH)} FOR UPDATE OF k, s SKIP LOCKED`.execute(tx)
  return rows
}
