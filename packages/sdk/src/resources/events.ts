/** Events: what happened, as a list and as it happens. */
import type { Api, Query } from '../api.ts'
import { EventStream, type StreamOptions } from '../event-stream.ts'
import type { DeliveryExplanation, Event } from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type ListEvents = Query<'listEvents'>

export class Events {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Newest first unless `order` says otherwise; 30 days. Permission: `events:read`. */
  list(query?: ListEvents, options?: RequestOptions): List<Event> {
    return this.#api.list('/events', { query }, options)
  }

  /** Permission: `events:read`. Throws NotFoundError. */
  get(id: string, options?: RequestOptions): Promise<Event> {
    return this.#api.call('get', '/events/{id}', { id }, options)
  }

  /** Why a webhook was told of it, or wasn't, step by step. Permission: `webhooks:read`. */
  explain(
    id: string,
    query: Query<'explainDelivery'>,
    options?: RequestOptions,
  ): Promise<DeliveryExplanation> {
    return this.#api.call('get', '/events/{id}/explain', { id, query }, options)
  }

  /**
   * Events as they happen, for `for await`: each once, in order, also when the connection breaks or the server
   * restarts. Permission: `events:read`. Throws ApiError when the server refuses.
   */
  stream(options: StreamOptions = {}): EventStream {
    return new EventStream(this.#api.transport, options)
  }
}
