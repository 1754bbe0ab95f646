/** Rotation: a key gets a second secret and keeps its id; the old one works on until the overlap ends. */
import type { KeyObject } from 'node:crypto'
import { lastFourOf } from '@agentclara/key-format'
import { ApiError } from '../../errors.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { ChangeReceipt } from './authentication/key-changes.ts'
import type { Caller, Changed, Edit, KeyEditor } from './editor.ts'
import { assertWithin, limitsOf } from './rules.ts'
import { createSecret, hashSecret } from './secret.ts'
import { isRotating, statusOf } from './status.ts'
import * as store from './store.ts'

const DAY_SECONDS = 86_400

export interface RotationServiceOptions {
  editor: KeyEditor
  hmacKey: KeyObject
}

export class RotationService {
  readonly #options: RotationServiceOptions

  constructor(options: RotationServiceOptions) {
    this.#options = options
  }

  /**
   * The new secret is in this answer and nowhere else. With an overlap of 0 the old one is refused by every node
   * before it returns. Throws `conflict` for a key that is over, or that rotates already.
   */
  async rotate(
    caller: Caller,
    id: Id<'key'>,
    overlapSeconds: number,
  ): Promise<{ key: store.ApiKeyRow; secret: string; receipt: ChangeReceipt }> {
    const { editor, hmacKey } = this.#options
    const { key, made, receipt } = await editor.change(caller, id, async ({ tx, key, now, audit, emit }) => {
      assertMayHold(caller, key)
      assertMayRotate(key, now)
      const secret = createSecret(caller.environment)
      const endsAt = new Date(now.getTime() + overlapSeconds * 1000)
      const current = await currentSecret(tx, id)
      await store.updateSecret(tx, current.id, {
        superseded_at: now,
        ends_at: endsAt,
        end_noted: overlapSeconds === 0,
        end_announced: overlapSeconds <= DAY_SECONDS,
      })
      await store.insertSecret(tx, {
        id: newId('sec'),
        api_key_id: id,
        hash: hashSecret(hmacKey, secret),
        last_four: lastFourOf(secret),
        created_at: now,
      })
      await store.updateApiKey(tx, caller.environmentId, id, { updated_at: now })
      await audit('rotated', { overlap_seconds: overlapSeconds, old_secret_ends_at: endsAt.toISOString() })
      await emit('api_key.rotated', { old_secret_ends_at: endsAt.toISOString() })
      return { secret }
    })
    return { key, receipt, secret: made.secret }
  }

  /** Ends the old secret now, on every node before it returns. Finishing again changes nothing. */
  finish(caller: Caller, id: Id<'key'>): Promise<Changed> {
    return this.#options.editor.change(caller, id, async ({ tx, key, now, audit, emit }) => {
      assertMayHold(caller, key)
      if (key.old_superseded_at === null) throw notRotating(key, now)
      if (!isRotating(key, now.getTime())) return
      const [, old] = await store.listSecrets(tx, id, 2)
      if (old === undefined) throw new Error(`key ${id} rotates and has one secret`)
      await store.updateSecret(tx, old.id, { ends_at: now, end_noted: true })
      await store.updateApiKey(tx, caller.environmentId, id, { updated_at: now })
      await audit('rotation_finished')
      await emit('api_key.rotation_finished')
    })
  }

  /**
   * Ends the new secret instead and goes on with the old one: for a rotation whose answer was lost, or whose new
   * secret went where it shouldn't. Throws `conflict` when no overlap is under way.
   */
  cancel(caller: Caller, id: Id<'key'>): Promise<Changed> {
    return this.#options.editor.change(caller, id, async ({ tx, key, now, audit, emit }) => {
      assertMayHold(caller, key)
      if (!isRotating(key, now.getTime())) throw notRotating(key, now)
      await swapBack({ tx, now }, id)
      await store.updateApiKey(tx, caller.environmentId, id, { updated_at: now })
      await audit('rotation_cancelled')
      await emit('api_key.rotation_cancelled')
    })
  }
}

async function swapBack({ tx, now }: Pick<Edit, 'tx' | 'now'>, id: Id<'key'>): Promise<void> {
  const [current, old] = await store.listSecrets(tx, id, 2)
  if (current === undefined || old === undefined) throw new Error(`key ${id} rotates and has one secret`)
  await store.updateSecret(tx, current.id, { superseded_at: now, ends_at: now, end_noted: true })
  await store.updateSecret(tx, old.id, { superseded_at: null, ends_at: null, end_noted: false })
}

async function currentSecret(tx: Edit['tx'], id: Id<'key'>): Promise<store.SecretRow> {
  const [current] = await store.listSecrets(tx, id, 1)
  if (current === undefined) throw new Error(`key ${id} has no secret`)
  return current
}

/** Whoever rotates a key holds it afterwards: it may not be more than the caller is. A key may always rotate itself. */
function assertMayHold(caller: Caller, key: store.ApiKeyRow): void {
  if (caller.actor.type === 'api_key' && caller.actor.id === key.id) return
  assertWithin(caller.limits, limitsOf(key))
}

function assertMayRotate(key: store.ApiKeyRow, now: Date): void {
  const status = statusOf(key, now.getTime())
  if (status === 'revoked' || status === 'expired') {
    throw new ApiError('conflict', {
      error: `This key is ${status} and can’t be rotated`,
      hint:
        status === 'revoked'
          ? 'Create a new key.'
          : 'Give it a later `expires_at` first, or create a new key.',
      details: { status },
    })
  }
  if (!isRotating(key, now.getTime())) return
  throw new ApiError('conflict', {
    error: 'This key is being rotated already',
    hint: 'End the overlap first (rotate/finish), or go back to the old secret (rotate/cancel).',
    details: { status: 'rotating', old_secret_ends_at: key.old_ends_at?.toISOString() },
  })
}

function notRotating(key: store.ApiKeyRow, now: Date): ApiError {
  return new ApiError('conflict', {
    error: 'This key is not being rotated',
    hint: 'Begin with POST /v1/api_keys/{id}/rotate.',
    details: { status: statusOf(key, now.getTime()) },
  })
}
