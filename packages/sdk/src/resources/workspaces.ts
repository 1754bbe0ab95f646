/** Workspaces: those that a person belongs to. */
import type { Api, Body, Data, Query } from '../api.ts'
import type { Workspace } from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type CreateWorkspace = Body<'createWorkspace'>
export type UpdateWorkspace = Body<'updateWorkspace'>
export type DeleteWorkspace = Body<'deleteWorkspace'>

/** For sessions: a key belongs to one workspace, and sees it in me.get. */
export class Workspaces {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** One's own. */
  list(query?: Query<'listWorkspaces'>, options?: RequestOptions): List<Workspace> {
    return this.#api.list('/workspaces', { query }, options)
  }

  /** With a test and a live environment. Who makes it owns it. */
  create(body: CreateWorkspace, options?: RequestOptions): Promise<Workspace> {
    return this.#api.call('post', '/workspaces', { body }, options)
  }

  /** Throws NotFoundError for one that one doesn't belong to. */
  get(id: string, options?: RequestOptions): Promise<Workspace> {
    return this.#api.call('get', '/workspaces/{id}', { id }, options)
  }

  /** For its owners and admins; others get PermissionError. */
  update(id: string, body: UpdateWorkspace, options?: RequestOptions): Promise<Workspace> {
    return this.#api.call('patch', '/workspaces/{id}', { id, body }, options)
  }

  /**
   * For good, with everything in it; its name confirms that it is this one. For its owners; may ask for a proof
   * (`proof_required`). Throws ValidationError for another name.
   */
  delete(id: string, body: DeleteWorkspace, options?: RequestOptions): Promise<Data<'deleteWorkspace'>> {
    return this.#api.call('delete', '/workspaces/{id}', { id, body }, options)
  }
}
