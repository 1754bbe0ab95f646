/** Invitations: who may become a member. */
import type { Api, Body, Data, Query } from '../api.ts'
import type { CreatedInvitation, Invitation, InvitationPreview, JoinedMember } from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type CreateInvitation = Body<'createInvitation'>

/** Reading takes `members:read`, inviting `members:write`. */
export class Invitations {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Those that nobody has accepted, also those that ended. Permission: `members:read`. */
  list(query?: Query<'listInvitations'>, options?: RequestOptions): List<Invitation> {
    return this.#api.list('/invitations', { query }, options)
  }

  /**
   * For seven days, once. The `url` is in this answer and the mail only. Permission: `members:write`; may ask for a
   * proof (`proof_required`). Throws ConflictError for who is a member or invited already.
   */
  create(body: CreateInvitation, options?: RequestOptions): Promise<CreatedInvitation> {
    return this.#api.call('post', '/invitations', { body }, options)
  }

  /** Takes it back. Permission: `members:write`. */
  delete(id: string, options?: RequestOptions): Promise<Data<'deleteInvitation'>> {
    return this.#api.call('delete', '/invitations/{id}', { id }, options)
  }

  /** With a new `url` and seven more days; the earlier one ends. Permission: `members:write`. */
  resend(id: string, options?: RequestOptions): Promise<CreatedInvitation> {
    return this.#api.call('post', '/invitations/{id}/resend', { id }, options)
  }

  /** What the token of a `url` invites to. Needs no key. Throws NotFoundError for one that ended. */
  lookup(body: Body<'lookUpInvitation'>, options?: RequestOptions): Promise<InvitationPreview> {
    return this.#api.call('post', '/invitations/lookup', { body }, options)
  }

  /** Becomes a member. For sessions of the address that was invited. Throws NotFoundError for one that ended. */
  accept(body: Body<'acceptInvitation'>, options?: RequestOptions): Promise<JoinedMember> {
    return this.#api.call('post', '/invitations/accept', { body }, options)
  }
}
