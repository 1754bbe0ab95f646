/** Invitations: who may become a member. */
import type { Api } from '../api.ts'
import type {
  CreatedInvitation,
  Deleted,
  Invitation,
  InvitationPreview,
  Member,
  PageQuery,
  Role,
} from '../contract.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

/** Reading takes `members:read`, inviting `members:write`. */
export class Invitations {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Those that wait for an answer. Permission: `members:read`. */
  list(query?: PageQuery, options?: RequestOptions): List<Invitation> {
    return this.#api.plainList('/invitations', { query }, options)
  }

  /** The `url` is in this answer and the mail only. Permission: `members:write`; may ask for a proof (`proof_required`). */
  create(body: { email: string; role: Role }, options?: RequestOptions): Promise<CreatedInvitation> {
    return this.#api.plain('post', '/invitations', { body }, options)
  }

  /** Takes it back. Permission: `members:write`. */
  delete(id: string, options?: RequestOptions): Promise<Deleted> {
    return this.#api.plain('delete', '/invitations/{id}', { id }, options)
  }

  /** With a new `url`; the old one stops. Permission: `members:write`. */
  resend(id: string, options?: RequestOptions): Promise<CreatedInvitation> {
    return this.#api.plain('post', '/invitations/{id}/resend', { id }, options)
  }

  /** What the token of a `url` invites to. Needs no key. Throws NotFoundError for one that ended. */
  lookup(body: { token: string }, options?: RequestOptions): Promise<InvitationPreview> {
    return this.#api.plain('post', '/invitations/lookup', { body }, options)
  }

  /** Becomes a member. For sessions of the address that was invited. */
  accept(body: { token: string }, options?: RequestOptions): Promise<Member> {
    return this.#api.plain('post', '/invitations/accept', { body }, options)
  }
}
