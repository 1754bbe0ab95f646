/** Members: the people of a workspace, and what they may do. */
import type { Api } from '../api.ts'
import type { Deleted, Member, PageQuery, Role } from '../contract.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

/** Reading takes `members:read`, changing `members:write`. Only owners make and change owners. */
export class Members {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Permission: `members:read`. */
  list(query?: PageQuery, options?: RequestOptions): List<Member> {
    return this.#api.plainList('/members', { query }, options)
  }

  /** Permission: `members:write`; may ask for a proof (`proof_required`). Throws ConflictError for the last owner. */
  update(id: string, body: { role: Role }, options?: RequestOptions): Promise<Member> {
    return this.#api.plain('patch', '/members/{id}', { id, body }, options)
  }

  /** Removes a member, or leaves when it is oneself. Permission: `members:write`. Throws ConflictError for the last owner. */
  delete(id: string, options?: RequestOptions): Promise<Deleted> {
    return this.#api.plain('delete', '/members/{id}', { id }, options)
  }
}
