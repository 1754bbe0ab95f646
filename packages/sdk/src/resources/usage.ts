/** Usage: requests over time. */
import type { Api, Query } from '../api.ts'
import type { Usage as UsageReport } from '../generated/wire.ts'
import type { RequestOptions } from '../transport.ts'

export class Usage {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** By outcome, in intervals. Permission: `usage:read`. */
  get(query?: Query<'getUsage'>, options?: RequestOptions): Promise<UsageReport> {
    return this.#api.call('get', '/usage', { query }, options)
  }
}
