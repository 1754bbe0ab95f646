/** Client tokens: what a web page may be given instead of a key. */
import type { Api, Body } from '../api.ts'
import type { ClientToken } from '../generated/wire.ts'
import type { RequestOptions } from '../transport.ts'

export type CreateClientToken = Body<'createClientToken'>

export class ClientTokens {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** For 15 minutes, and one contact or one conversation. Permission: `conversations:write`. */
  create(body: CreateClientToken, options?: RequestOptions): Promise<ClientToken> {
    return this.#api.call('post', '/client_tokens', { body }, options)
  }
}
