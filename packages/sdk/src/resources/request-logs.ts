/** Request logs: what was asked of the API, and what it answered. */
import type { Api, Query } from '../api.ts'
import type { RequestLog, RequestLogDetail } from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type ListRequestLogs = Query<'listRequestLogs'>

export class RequestLogs {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Newest first. A request is in it a second or two after it was answered. Permission: `usage:read`. */
  list(query?: ListRequestLogs, options?: RequestOptions): List<RequestLog> {
    return this.#api.list('/request_logs', { query }, options)
  }

  /** With headers and bodies, secrets masked. The id is an error's `requestId`. Permission: `usage:read`. */
  get(id: string, options?: RequestOptions): Promise<RequestLogDetail> {
    return this.#api.call('get', '/request_logs/{id}', { id }, options)
  }
}
