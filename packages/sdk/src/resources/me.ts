/** Who is calling, and where a person is signed in. */
import type { Api, Body, Data, Query } from '../api.ts'
import type { ApiKeyMe, MemberMe, Proof, Session } from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

/** The password, or the answer of a passkey. */
export type Prove = Body<'proveMe'>

export class Me {
  readonly #api: Api
  readonly sessions: Sessions

  constructor(api: Api) {
    this.#api = api
    this.sessions = new Sessions(api)
  }

  /** Whose key this is, or who is signed in, and what they may do. Any valid key or session. */
  get(options?: RequestOptions): Promise<ApiKeyMe | MemberMe> {
    return this.#api.call('get', '/me', {}, options)
  }

  /**
   * Says again who one is, which what touches secrets or people asks for 15 minutes after the last time
   * (PermissionError with the code `proof_required`). For sessions. Throws PermissionError for a wrong password.
   */
  prove(body: Prove, options?: RequestOptions): Promise<Proof> {
    return this.#api.call('post', '/me/proof', { body }, options)
  }

  /** For `navigator.credentials.get`, whose answer is for `prove`. For sessions. */
  provePasskeyOptions(options?: RequestOptions): Promise<Data<'getProofPasskeyOptions'>> {
    return this.#api.call('post', '/me/proof/passkey_options', {}, options)
  }
}

/** Where one is signed in. For sessions. */
export class Sessions {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Those that haven't ended. */
  list(query?: Query<'listMySessions'>, options?: RequestOptions): List<Session> {
    return this.#api.list('/me/sessions', { query }, options)
  }

  /** Signs out there. Throws NotFoundError. */
  revoke(id: string, options?: RequestOptions): Promise<Data<'revokeMySession'>> {
    return this.#api.call('delete', '/me/sessions/{id}', { id }, options)
  }

  /** Signs out everywhere else, and says of how many. */
  revokeOthers(options?: RequestOptions): Promise<Data<'revokeMyOtherSessions'>> {
    return this.#api.call('post', '/me/sessions/revoke_others', {}, options)
  }
}
