/** Recoveries: events that are sent again to a webhook, many at once. */
import type { Api } from '../api.ts'
import type { WebhookRecovery } from '../generated/wire.ts'
import type { RequestOptions } from '../transport.ts'

export class Recoveries {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** How far it is. Permission: `webhooks:read`. Throws NotFoundError. */
  get(id: string, options?: RequestOptions): Promise<WebhookRecovery> {
    return this.#api.call('get', '/recoveries/{id}', { id }, options)
  }
}
