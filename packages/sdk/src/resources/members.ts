/** Members: the people of a workspace, and what they may do. */
import type { Api, Body, Data, Query } from '../api.ts'
import type { Member } from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type UpdateMember = Body<'updateMember'>
/** Those who may do the most first: owner, admin, agent, viewer. */
export type Role = UpdateMember['role']

/** Reading takes `members:read`, changing `members:write`. Only owners make and change owners, keys never. */
export class Members {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Who joined last comes first. Permission: `members:read`. */
  list(query?: Query<'listMembers'>, options?: RequestOptions): List<Member> {
    return this.#api.list('/members', { query }, options)
  }

  /** Takes effect at once. Permission: `members:write`; may ask for a proof (`proof_required`). Throws ConflictError for the last owner. */
  update(id: string, body: UpdateMember, options?: RequestOptions): Promise<Member> {
    return this.#api.call('patch', '/members/{id}', { id, body }, options)
  }

  /**
   * Removes a member, or leaves when it is oneself. Permission: `members:read`, and `members:write` for somebody else;
   * may ask for a proof (`proof_required`). Throws ConflictError for the last owner.
   */
  delete(id: string, options?: RequestOptions): Promise<Data<'deleteMember'>> {
    return this.#api.call('delete', '/members/{id}', { id }, options)
  }
}
