/** The overview: what a workspace's home page shows. */
import type { Api, Query } from '../api.ts'
import type { Overview as OverviewReport } from '../generated/wire.ts'
import type { RequestOptions } from '../transport.ts'

export class Overview {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** How conversations went, of a stretch of time. Permission: `conversations:read`. */
  get(query?: Query<'getOverview'>, options?: RequestOptions): Promise<OverviewReport> {
    return this.#api.call('get', '/overview', { query }, options)
  }
}
