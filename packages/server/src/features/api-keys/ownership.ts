/** Keys and the people they belong to: who leaves is noted, and whoever stays sees which keys were left behind. */
import type { Db, Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { ApiError } from '../../errors.ts'
import type { Id } from '../../lib/ids.ts'
import { type Actor, adminActor } from './audit.ts'
import { noteDeparture, removeDeparture } from './departure-store.ts'
import type { KeyEditor } from './editor.ts'
import * as store from './store.ts'

export interface OwnershipServiceOptions {
  db: Db
  editor: KeyEditor
}

export class OwnershipService {
  readonly #options: OwnershipServiceOptions

  constructor(options: OwnershipServiceOptions) {
    this.#options = options
  }

  /** From now on the keys of this person carry the note `owner_left`; they go on working. Returns those, of both environments. */
  async leave(workspaceId: Id<'ws'>, email: string): Promise<store.ApiKeyRow[]> {
    await this.noteDeparture(this.#options.db, workspaceId, email)
    return this.listOf(workspaceId, email)
  }

  /** The same within a transaction, for a member who is removed. */
  async noteDeparture(tx: Db | Tx, workspaceId: Id<'ws'>, email: string): Promise<void> {
    await noteDeparture(tx, workspaceId, email.toLowerCase(), this.#options.editor.now())
  }

  async comeBack(workspaceId: Id<'ws'>, email: string): Promise<void> {
    await this.noteReturn(this.#options.db, workspaceId, email)
  }

  /** The same within a transaction, for a member who joins. */
  async noteReturn(tx: Db | Tx, workspaceId: Id<'ws'>, email: string): Promise<void> {
    await removeDeparture(tx, workspaceId, email.toLowerCase())
  }

  /** Keys of this person that are not over, with their last use. */
  listOf(workspaceId: Id<'ws'>, email: string): Promise<store.ApiKeyRow[]> {
    const { db, editor } = this.#options
    return store.listKeysOfPerson(db, workspaceId, email.toLowerCase(), editor.now())
  }

  /** Gives all keys of one person to another; how many there were. Throws `conflict` when the other one has left, too. */
  async handOver(
    workspaceId: Id<'ws'>,
    from: string,
    to: string,
    actor: Actor = adminActor,
  ): Promise<number> {
    const { db, editor } = this.#options
    const heir = to.toLowerCase()
    const keys = await this.listOf(workspaceId, from)
    return transact(db, async (tx) => {
      let count = 0
      for (const { id, environment_id: environmentId } of keys) {
        await store.lockApiKey(tx, environmentId, id)
        const edit = editor.edit(tx, await store.getApiKey(tx, environmentId, id), actor)
        if (edit.key.owner_email !== from.toLowerCase()) continue
        const owner = { owner_type: 'person', owner_name: null, owner_email: heir } as const
        await store.updateApiKey(tx, environmentId, id, { ...owner, updated_at: edit.now })
        if ((await store.getApiKey(tx, environmentId, id)).owner_left_at !== null) {
          throw new ApiError('conflict', { error: `${to} has left this workspace`, param: 'to' })
        }
        await edit.audit('handed_over', { owner: { from: edit.key.owner_email, to: heir } })
        await edit.emit('api_key.updated', { changed: ['owner'] })
        count += 1
      }
      return count
    })
  }
}
