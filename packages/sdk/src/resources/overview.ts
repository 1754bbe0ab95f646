/** The overview: what a workspace's home page shows. */
import type { Api } from '../api.ts'
import type { RequestOptions } from '../transport.ts'

export class Overview {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Of a stretch of time. */
  get(query?: { since?: string; until?: string }, options?: RequestOptions): Promise<unknown> {
    return this.#api.plain('get', '/overview', { query }, options)
  }
}
