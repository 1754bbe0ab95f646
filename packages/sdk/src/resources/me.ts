/** Who is calling, and a person's sessions. */
import type { Api } from '../api.ts'
import type { ApiKeyMe, MemberMe, Proof, Prove, Session } from '../contract.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export class Me {
  readonly #api: Api
  readonly sessions: Sessions

  constructor(api: Api) {
    this.#api = api
    this.sessions = new Sessions(api)
  }

  /** Whose key this is, or who is signed in, and what they may do. Any valid key or session. */
  get(options?: RequestOptions): Promise<ApiKeyMe | MemberMe> {
    return this.#api.plain('get', '/me', {}, options)
  }

  /**
   * Says again who one is, which what matters asks for (`proof_required`) 15 minutes after it was said last. For
   * sessions. Throws AuthenticationError for a wrong password.
   */
  prove(body: Prove, options?: RequestOptions): Promise<Proof> {
    return this.#api.plain('post', '/me/proof', { body }, options)
  }

  /** What the browser's `navigator.credentials.get` is given for `prove` by a passkey. For sessions. */
  provePasskeyOptions(options?: RequestOptions): Promise<Record<string, unknown>> {
    return this.#api.plain('post', '/me/proof/passkey_options', {}, options)
  }
}

/** Where one is signed in. For sessions. */
export class Sessions {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  list(options?: RequestOptions): List<Session> {
    return this.#api.plainList('/me/sessions', {}, options)
  }

  /** Signs out there. Throws NotFoundError. */
  revoke(id: string, options?: RequestOptions): Promise<unknown> {
    return this.#api.plain('delete', '/me/sessions/{id}', { id }, options)
  }

  /** Signs out everywhere else, and says of how many. */
  revokeOthers(options?: RequestOptions): Promise<{ revoked: number }> {
    return this.#api.plain('post', '/me/sessions/revoke_others', {}, options)
  }
}
