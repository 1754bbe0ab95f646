/** Workspaces: one business's account, made with its test and live environments. */
import type { Db, Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { ApiError, invalidField } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Id, newId } from '../../lib/ids.ts'
import type { EnvironmentName, Plan, Scope } from '../../principal.ts'
import {
  findEnvironmentId,
  findWorkspaces,
  insertEnvironments,
  insertWorkspace,
  listWorkspaces,
  lockWorkspaces,
  setPlan,
  type WorkspaceRow,
} from './store.ts'

export interface WorkspaceServiceOptions {
  db: Db
  clock: Clock
  /** Makes every server forget what it remembers of the workspace's keys once the transaction commits. */
  announceKeys: (tx: Tx, workspaceId: Id<'ws'>) => Promise<void>
}

export class WorkspaceService {
  readonly #options: WorkspaceServiceOptions

  constructor(options: WorkspaceServiceOptions) {
    this.#options = options
  }

  /** Throws `conflict` when a workspace of this name exists. Names are 1 to 100 characters. */
  async create(name: string, plan: Plan = 'standard'): Promise<{ id: Id<'ws'>; name: string }> {
    const trimmed = name.trim()
    if (trimmed.length < 1 || trimmed.length > 100)
      throw invalidField('name', 'must have 1 to 100 characters')
    const id = newId('ws')
    await transact(this.#options.db, async (tx) => {
      await lockWorkspaces(tx)
      const [existing] = await findWorkspaces(tx, trimmed)
      if (existing !== undefined) {
        throw new ApiError('conflict', {
          error: `There is a workspace named ${existing.name} already: ${existing.id}`,
          details: { workspace_id: existing.id },
        })
      }
      await insertWorkspace(tx, {
        id,
        name: trimmed,
        plan,
        created_at: new Date(this.#options.clock.nowMs()),
      })
      await insertEnvironments(tx, [
        { id: newId('env'), workspace_id: id, name: 'test' },
        { id: newId('env'), workspace_id: id, name: 'live' },
      ])
    })
    return { id, name: trimmed }
  }

  /** Every server knows it a moment after this returns: its keys may make more requests, or fewer. */
  async changePlan(id: Id<'ws'>, plan: Plan): Promise<void> {
    const { db, announceKeys } = this.#options
    await transact(db, async (tx) => {
      await setPlan(tx, id, plan)
      await announceKeys(tx, id)
    })
  }

  /** The environment of the workspace with this id or name. Throws as `get`. */
  async getScope(idOrName: string, environment: EnvironmentName): Promise<Scope> {
    const { id: workspaceId } = await this.get(idOrName)
    const environmentId = await findEnvironmentId(this.#options.db, workspaceId, environment)
    if (environmentId === undefined)
      throw new Error(`workspace ${workspaceId} has no ${environment} environment`)
    return { environmentId, environment, workspaceId }
  }

  /** The workspace with this id or name. Throws `not_found`, or `conflict` when the name is shared. */
  async get(idOrName: string): Promise<WorkspaceRow> {
    const [workspace, second] = await findWorkspaces(this.#options.db, idOrName)
    if (workspace === undefined) {
      throw new ApiError('not_found', {
        error: `There is no workspace "${idOrName}": the command "workspaces list" shows those that are there`,
      })
    }
    if (second !== undefined) {
      throw new ApiError('conflict', {
        error: `Several workspaces are named "${idOrName}": name one by its id, ${workspace.id} or ${second.id}`,
      })
    }
    return workspace
  }

  /** Every workspace of the installation, oldest first: for who runs it, not for a caller of the API. */
  list(): Promise<WorkspaceRow[]> {
    return listWorkspaces(this.#options.db)
  }
}
