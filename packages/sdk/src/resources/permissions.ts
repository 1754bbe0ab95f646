/** Permissions: what there is to be allowed. */
import type { Api } from '../api.ts'
import type { PermissionTable } from '../generated/wire.ts'
import type { RequestOptions } from '../transport.ts'

export class Permissions {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** All of them in words, the calls that each allows, and the presets. Needs no key. */
  list(options?: RequestOptions): Promise<PermissionTable> {
    return this.#api.call('get', '/permissions', {}, options)
  }
}
