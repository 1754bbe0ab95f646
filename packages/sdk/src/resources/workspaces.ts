/** Workspaces: those that a person belongs to. */
import type { Api } from '../api.ts'
import type { Deleted, PageQuery, Workspace } from '../contract.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

/** For sessions: keys belong to one workspace, and see it in me.get. */
export class Workspaces {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** One's own. */
  list(query?: PageQuery, options?: RequestOptions): List<Workspace> {
    return this.#api.plainList('/workspaces', { query }, options)
  }

  /** Who makes it owns it. */
  create(body: { name: string }, options?: RequestOptions): Promise<Workspace> {
    return this.#api.plain('post', '/workspaces', { body }, options)
  }

  /** Throws NotFoundError for one that one doesn't belong to. */
  get(id: string, options?: RequestOptions): Promise<Workspace> {
    return this.#api.plain('get', '/workspaces/{id}', { id }, options)
  }

  /** For owners and admins. */
  update(id: string, body: { name: string }, options?: RequestOptions): Promise<Workspace> {
    return this.#api.plain('patch', '/workspaces/{id}', { id, body }, options)
  }

  /** For good, with everything in it: its name confirms that. For owners; may ask for a proof (`proof_required`). */
  delete(id: string, body: { name: string }, options?: RequestOptions): Promise<Deleted> {
    return this.#api.plain('delete', '/workspaces/{id}', { id, body }, options)
  }
}
