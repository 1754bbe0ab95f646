/** Deliveries: one event for one webhook, with every attempt. */
import type { Api } from '../api.ts'
import type { Delivery, DeliveryWithAttempts } from '../generated/wire.ts'
import type { RequestOptions } from '../transport.ts'

export class Deliveries {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** With its attempts. Permission: `webhooks:read`. Throws NotFoundError. */
  get(id: string, options?: RequestOptions): Promise<DeliveryWithAttempts> {
    return this.#api.call('get', '/deliveries/{id}', { id }, options)
  }

  /** Sends the event again. Permission: `webhooks:write`. */
  redeliver(id: string, options?: RequestOptions): Promise<Delivery> {
    return this.#api.call('post', '/deliveries/{id}/redeliver', { id }, options)
  }
}
