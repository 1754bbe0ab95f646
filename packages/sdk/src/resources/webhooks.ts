/** Webhooks: whom events are told, and what arrives there. */
import type { Api, Body, Data, Query } from '../api.ts'
import type {
  CreatedWebhook,
  Delivery,
  Event,
  RotatedWebhook,
  SavedWebhook,
  TestedWebhook,
  WatchedWebhook,
  Webhook,
  WebhookRecovery,
  WebhookUrlCheck,
} from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'
import { type VerifyOptions, verifyWebhook, type WebhookHeaders } from '../webhook-verification.ts'

export type ListWebhooks = Query<'listWebhooks'>
export type CreateWebhook = Body<'createWebhook'>
export type UpdateWebhook = Body<'updateWebhook'>
export type RecoverWebhook = Body<'recoverWebhook'>
export type ListDeliveries = Query<'listDeliveries'>

/** Reading takes `webhooks:read`, changing `webhooks:write`. */
export class Webhooks {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Newest first, each with how it went lately. Permission: `webhooks:read`. */
  list(query?: ListWebhooks, options?: RequestOptions): List<WatchedWebhook> {
    return this.#api.list('/webhooks', { query }, options)
  }

  /**
   * Makes one and sends it a test event. Its `signing_secret` is in this answer only. Permission: `webhooks:write`.
   * Throws ValidationError when the URL leads where webhooks may not go.
   */
  create(body: CreateWebhook, options?: RequestOptions): Promise<CreatedWebhook> {
    return this.#api.call('post', '/webhooks', { body }, options)
  }

  /** What `create` would say about a URL, without making anything. Permission: `webhooks:write`. */
  checkUrl(body: Body<'checkWebhookUrl'>, options?: RequestOptions): Promise<WebhookUrlCheck> {
    return this.#api.call('post', '/webhooks/check_url', { body }, options)
  }

  /** Permission: `webhooks:read`. Throws NotFoundError. */
  get(id: string, options?: RequestOptions): Promise<WatchedWebhook> {
    return this.#api.call('get', '/webhooks/{id}', { id }, options)
  }

  /** Changes what is given. Permission: `webhooks:write`. */
  update(id: string, body: UpdateWebhook, options?: RequestOptions): Promise<SavedWebhook> {
    return this.#api.call('patch', '/webhooks/{id}', { id, body }, options)
  }

  /** Permission: `webhooks:write`. */
  delete(id: string, options?: RequestOptions): Promise<Data<'deleteWebhook'>> {
    return this.#api.call('delete', '/webhooks/{id}', { id }, options)
  }

  /** Sends a test event now. Permission: `webhooks:write`. */
  test(id: string, body?: Body<'testWebhook'>, options?: RequestOptions): Promise<TestedWebhook> {
    return this.#api.call('post', '/webhooks/{id}/test', { id, body }, options)
  }

  /** A new signing secret, in this answer only; for a while both sign. Permission: `webhooks:write`. */
  rotateSecret(
    id: string,
    body?: Body<'rotateWebhookSecret'>,
    options?: RequestOptions,
  ): Promise<RotatedWebhook> {
    return this.#api.call('post', '/webhooks/{id}/rotate_secret', { id, body }, options)
  }

  /** Sends nothing; what happens meanwhile waits. Permission: `webhooks:write`. */
  pause(id: string, options?: RequestOptions): Promise<Webhook> {
    return this.#api.call('post', '/webhooks/{id}/pause', { id }, options)
  }

  /** Goes on with what waits, or after it was disabled. Permission: `webhooks:write`. */
  resume(id: string, options?: RequestOptions): Promise<Webhook> {
    return this.#api.call('post', '/webhooks/{id}/resume', { id }, options)
  }

  /** Newest first. Permission: `webhooks:read`. */
  listDeliveries(id: string, query?: ListDeliveries, options?: RequestOptions): List<Delivery> {
    return this.#api.list('/webhooks/{id}/deliveries', { id, query }, options)
  }

  /** Sends again what happened since then, at a pace; recoveries.get tells how far it is. Permission: `webhooks:write`. */
  recover(id: string, body: RecoverWebhook, options?: RequestOptions): Promise<WebhookRecovery> {
    return this.#api.call('post', '/webhooks/{id}/recover', { id, body }, options)
  }

  /** As verifyWebhook, which needs no client. */
  verify(
    rawBody: string | Uint8Array,
    headers: WebhookHeaders,
    secret: string | readonly string[],
    options?: VerifyOptions,
  ): Promise<Event> {
    return verifyWebhook(rawBody, headers, secret, options)
  }
}
