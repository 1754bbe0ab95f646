/** Workspaces as their people see them: their own, made, renamed and, by an owner, deleted. */
import type { Db, Tx } from '../../db/client.ts'
import { transactOnce } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import { type Page, type PageRequest, toPage } from '../../lib/page.ts'
import type { Person, Role } from '../../principal.ts'
import type { PendingEnd } from '../api-keys/ending.ts'
import * as store from './store.ts'

/** Whoever signs up may make workspaces: one person owns so many at most. */
const MAX_OWNED = 50

export interface OwnWorkspacesOptions {
  db: Db
  clock: Clock
  /** Makes the person a member, in the transaction. */
  join: (tx: Tx, workspaceId: Id<'ws'>, userId: Id<'user'>, role: Role) => Promise<void>
  /** Ends every membership and every invitation, in the transaction. */
  dismissAll: (tx: Tx, workspaceId: Id<'ws'>) => Promise<void>
  beginKeyEnd: () => PendingEnd
  deleteWebhooks: (tx: Tx, workspaceId: Id<'ws'>) => Promise<void>
  /** Makes every server forget what it remembers of the workspace's keys once the transaction commits. */
  announceKeys: (tx: Tx, workspaceId: Id<'ws'>) => Promise<void>
  /** What this server remembers of the sessions of the workspace's members. */
  announceMembers: (tx: Tx, workspaceId: Id<'ws'>) => Promise<void>
  /** Throws when the person's session has ended. */
  assertSignedIn: (tx: Tx, person: Person) => Promise<void>
}

export class OwnWorkspaces {
  readonly #options: OwnWorkspacesOptions

  constructor(options: OwnWorkspacesOptions) {
    this.#options = options
  }

  async list({ userId }: Person, page: PageRequest): Promise<Page<store.OwnWorkspaceRow>> {
    const rows = await store.listOwnWorkspaces(this.#options.db, userId, page)
    return toPage(rows, page.limit, (row) => [row.id])
  }

  /** Throws not_found for one that the person is no member of. */
  get({ userId }: Person, id: string): Promise<store.OwnWorkspaceRow> {
    return getOwn(this.#options.db, userId, id)
  }

  /** Two may have the same name: whoever makes one hears nothing about others. */
  async create(person: Person, name: string): Promise<store.OwnWorkspaceRow> {
    const { db, clock, join, assertSignedIn } = this.#options
    const { userId } = person
    const id = newId('ws')
    return transactOnce(db, person, async (tx) => {
      await assertSignedIn(tx, person)
      if ((await store.countOwned(tx, userId)) >= MAX_OWNED) {
        throw new ApiError('conflict', {
          error: `A person owns at most ${MAX_OWNED} workspaces`,
          hint: 'Delete one that is no longer used.',
          details: { limit: MAX_OWNED },
        })
      }
      const created = { id, name: name.trim(), created_at: new Date(clock.nowMs()) }
      await store.insertWorkspace(tx, { ...created, plan: 'standard' })
      await store.insertEnvironments(tx, [
        { id: newId('env'), workspace_id: id, name: 'test' },
        { id: newId('env'), workspace_id: id, name: 'live' },
      ])
      await join(tx, id, userId, 'owner')
      return getOwn(tx, userId, id)
    })
  }

  /** For owners and admins. */
  async rename(person: Person, id: string, name: string): Promise<store.OwnWorkspaceRow> {
    const { db, announceKeys, announceMembers } = this.#options
    return transactOnce(db, person, async (tx) => {
      const { id: workspaceId } = await this.#take(tx, person, id, ['owner', 'admin'], 'rename it')
      await store.setName(tx, workspaceId, name.trim())
      await announceKeys(tx, workspaceId)
      await announceMembers(tx, workspaceId)
      return getOwn(tx, person.userId, id)
    })
  }

  /**
   * Gone for everybody before this returns: every node refuses its keys, nothing more is sent to its webhooks, nobody is
   * a member. Its rows are taken away within minutes: see purge.ts. `name` must be the workspace's.
   */
  async delete(person: Person, id: string, name: string): Promise<void> {
    const { db, clock, dismissAll, beginKeyEnd, deleteWebhooks, announceMembers } = this.#options
    using keys = beginKeyEnd()
    await transactOnce(db, person, async (tx) => {
      const workspace = await this.#take(tx, person, id, ['owner'], 'delete it')
      if (workspace.name !== name.trim())
        throw invalidField('name', 'is not the name of this workspace', 'Type the name to confirm.')
      const now = new Date(clock.nowMs())
      await keys.revokeAll(tx, workspace.id, now)
      await deleteWebhooks(tx, workspace.id)
      await announceMembers(tx, workspace.id)
      await dismissAll(tx, workspace.id)
      await store.markDeleted(tx, workspace.id, now)
    })
    await keys.settle()
  }

  /** Under its lock, by what the person is when the lock is theirs. */
  async #take(
    tx: Tx,
    person: Person,
    id: string,
    roles: readonly Role[],
    what: string,
  ): Promise<store.OwnWorkspaceRow> {
    await store.lockWorkspace(tx, id as Id<'ws'>)
    const workspace = await getOwn(tx, person.userId, id)
    await this.#options.assertSignedIn(tx, person)
    if (!roles.includes(workspace.role)) {
      throw new ApiError('insufficient_permissions', {
        error: `Only ${roles.includes('admin') ? 'an owner or an admin' : 'an owner'} of this workspace can ${what}`,
        hint: 'Ask an owner of this workspace.',
        details: { role: workspace.role },
      })
    }
    return workspace
  }
}

async function getOwn(db: Db | Tx, userId: Id<'user'>, id: string): Promise<store.OwnWorkspaceRow> {
  const row = await store.findOwnWorkspace(db, userId, id)
  if (row === undefined) throw new ApiError('not_found', { hint: `You are in no workspace ${id}.` })
  return row
}
