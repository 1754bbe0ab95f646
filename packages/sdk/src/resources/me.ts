/** Who is calling. */
import type { Api } from '../api.ts'
import type { Me as Caller } from '../generated/wire.ts'
import type { RequestOptions } from '../transport.ts'

export class Me {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Whose key this is, and what it may do. Any valid key. */
  get(options?: RequestOptions): Promise<Caller> {
    return this.#api.call('get', '/me', {}, options)
  }
}
