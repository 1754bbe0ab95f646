/** The end of all keys of a workspace at once: refused by every node before whoever deletes the workspace is answered. */
import type { Tx } from '../../db/client.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { KeyChanges } from './authentication/key-changes.ts'
import type { PrincipalCache } from './authentication/principal-cache.ts'
import { revokeKeysOfWorkspace } from './store.ts'

export interface PendingEnd extends Disposable {
  /** In the transaction that ends the workspace. It may run more than once. */
  revokeAll(tx: Tx, workspaceId: Id<'ws'>, now: Date): Promise<void>
  /** Call it after the commit: resolves when every live node refuses the keys, or after two seconds, when all do. */
  settle(): Promise<void>
}

export class KeyEnding {
  readonly #changes: KeyChanges
  readonly #cache: PrincipalCache

  constructor(changes: KeyChanges, cache: PrincipalCache) {
    this.#changes = changes
    this.#cache = cache
  }

  begin(): PendingEnd {
    const cache = this.#cache
    const changes = this.#changes
    // Stands for all: what one transaction announces is heard in its order, so who has heard this one has heard all.
    const change = changes.begin(newId('key'))
    let ended: readonly Id<'key'>[] = []
    return {
      async revokeAll(tx, workspaceId, now) {
        ended = await revokeKeysOfWorkspace(tx, workspaceId, now)
        await changes.announceMany(tx, ended)
        await change.announce(tx)
      },
      async settle() {
        for (const id of ended) cache.forget(id)
        await change.settle()
      },
      [Symbol.dispose]: () => change[Symbol.dispose](),
    }
  }
}
