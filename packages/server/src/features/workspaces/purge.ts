/**
 * Takes away what is left of workspaces that were deleted, a few rows at a time, so that no transaction is long: whatever
 * stops it, it goes on with the next run, on any node.
 */
import type { Db, Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import { deleteBatch, deleteWorkspace, holdDeletedWorkspace, purgeSteps } from './purge-store.ts'

/** Requests that had begun, and what is written once a second, have ended by then: nothing is added after. */
const SETTLED_MS = 120_000

export interface WorkspacePurgeOptions {
  db: Db
  clock: Clock
  /** Makes every server forget what it remembers of the workspace's keys once the transaction commits. */
  announceKeys: (tx: Tx, workspaceId: Id<'ws'>) => Promise<void>
}

export class WorkspacePurge {
  readonly #options: WorkspacePurgeOptions

  constructor(options: WorkspacePurgeOptions) {
    this.#options = options
  }

  /** Resolves when nothing is left that may go now. What another node works on is left to it. */
  async run(): Promise<void> {
    let after = ''
    for (;;) {
      const id = await this.#purgeNext(after)
      if (id === undefined) return
      after = id
    }
  }

  /** Of the next workspace all that may go; its id, or undefined when there is none. */
  async #purgeNext(after: string): Promise<Id<'ws'> | undefined> {
    const { db, clock, announceKeys } = this.#options
    let current: Id<'ws'> | undefined
    for (const step of purgeSteps) {
      for (let isDone = false; !isDone; ) {
        isDone = await transact(db, async (tx) => {
          const held = await holdDeletedWorkspace(tx, after, current)
          current = held?.id ?? current
          return held === undefined || (await deleteBatch(tx, step, held.id))
        })
      }
      if (current === undefined) return undefined
    }
    await transact(db, async (tx) => {
      const held = await holdDeletedWorkspace(tx, after, current)
      if (held === undefined || held.deleted_at.getTime() > clock.nowMs() - SETTLED_MS) return
      await announceKeys(tx, held.id)
      await deleteWorkspace(tx, held.id)
    })
    return current
  }
}
