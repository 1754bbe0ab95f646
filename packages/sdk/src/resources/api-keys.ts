/** API keys: made, changed, rotated, revoked, and what is known about them. */
import type { Api, Body, Query } from '../api.ts'
import type {
  ApiKey,
  ApiKeyAuditEntry,
  ApiKeyUsage,
  ChangedApiKey,
  CreatedApiKey,
  KeySettings,
  RotatedApiKey,
  SuggestedPermissions,
} from '../generated/wire.ts'
import type { List } from '../page.ts'
import type { RequestOptions } from '../transport.ts'

export type ListApiKeys = Query<'listApiKeys'>
export type CreateApiKey = Body<'createApiKey'>
export type UpdateApiKey = Body<'updateApiKey'>
export type RotateApiKey = Body<'rotateApiKey'>
export type QuarantineApiKey = Body<'quarantineApiKey'>

/**
 * Reading takes `api_keys:read`, changing `api_keys:write`. A key can't give more than it has, nor touch one that may
 * do more (PermissionError). For a signed-in member, changing asks for a recent proof: PermissionError with the code
 * `proof_required`, and then me.prove.
 */
export class ApiKeys {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Newest first. Permission: `api_keys:read`. */
  list(query?: ListApiKeys, options?: RequestOptions): List<ApiKey> {
    return this.#api.list('/api_keys', { query }, options)
  }

  /**
   * Makes a key. Its `secret` is in this answer only. Permission: `api_keys:write`. Throws PermissionError when the
   * new key would have more than the caller, ValidationError for an expiry in the past or an unknown permission.
   */
  create(body: CreateApiKey, options?: RequestOptions): Promise<CreatedApiKey> {
    return this.#api.call('post', '/api_keys', { body }, options)
  }

  /** Permission: `api_keys:read`. Throws NotFoundError. */
  get(id: string, options?: RequestOptions): Promise<ApiKey> {
    return this.#api.call('get', '/api_keys/{id}', { id }, options)
  }

  /** Changes what is given; it counts on every node before the answer. Permission: `api_keys:write`. Throws ConflictError for a revoked key. */
  update(id: string, body: UpdateApiKey, options?: RequestOptions): Promise<ApiKey> {
    return this.#api.call('patch', '/api_keys/{id}', { id, body }, options)
  }

  /** The same as `revoke`. Permission: `api_keys:write`. */
  delete(id: string, options?: RequestOptions): Promise<ChangedApiKey> {
    return this.#api.call('delete', '/api_keys/{id}', { id }, options)
  }

  /** Ends it on every node before the answer, which is the receipt. Permission: `api_keys:write`. */
  revoke(id: string, options?: RequestOptions): Promise<ChangedApiKey> {
    return this.#api.call('post', '/api_keys/{id}/revoke', { id }, options)
  }

  /**
   * Gives it a second secret, in this answer only; the old one works until the overlap ends (15 minutes unless
   * `overlap_seconds` says otherwise). Permission: `api_keys:write`. Throws ConflictError while it rotates already, or has ended.
   */
  rotate(id: string, body?: RotateApiKey, options?: RequestOptions): Promise<RotatedApiKey> {
    return this.#api.call('post', '/api_keys/{id}/rotate', { id, body }, options)
  }

  /** Ends the overlap now: the old secret stops. Permission: `api_keys:write`. Throws ConflictError when it doesn't rotate. */
  finishRotation(id: string, options?: RequestOptions): Promise<ChangedApiKey> {
    return this.#api.call('post', '/api_keys/{id}/rotate/finish', { id }, options)
  }

  /** Takes the rotation back: the new secret stops, the old one stays. Permission: `api_keys:write`. Throws ConflictError when it doesn't rotate. */
  cancelRotation(id: string, options?: RequestOptions): Promise<ChangedApiKey> {
    return this.#api.call('post', '/api_keys/{id}/rotate/cancel', { id }, options)
  }

  /** Makes it read-only and pins it to the addresses that it is known by; `reason` is kept in its history. Permission: `api_keys:write`. */
  quarantine(id: string, body?: QuarantineApiKey, options?: RequestOptions): Promise<ChangedApiKey> {
    return this.#api.call('post', '/api_keys/{id}/quarantine', { id, body }, options)
  }

  /** Ends its quarantine. Permission: `api_keys:write`. */
  release(id: string, options?: RequestOptions): Promise<ChangedApiKey> {
    return this.#api.call('post', '/api_keys/{id}/release', { id }, options)
  }

  /** Requests by outcome over time, and who uses which secret. Permission: `api_keys:read`. */
  usage(id: string, query?: Query<'getApiKeyUsage'>, options?: RequestOptions): Promise<ApiKeyUsage> {
    return this.#api.call('get', '/api_keys/{id}/usage', { id, query }, options)
  }

  /** The least that covers what it did in the last 30 days. Permission: `api_keys:read`. */
  suggestedPermissions(id: string, options?: RequestOptions): Promise<SuggestedPermissions> {
    return this.#api.call('get', '/api_keys/{id}/suggested_permissions', { id }, options)
  }

  /** What was done to all keys, newest first. Permission: `api_keys:read`. */
  listAudit(query?: Query<'listApiKeyAudit'>, options?: RequestOptions): List<ApiKeyAuditEntry> {
    return this.#api.list('/api_keys/audit', { query }, options)
  }

  /** What was done to one key, newest first. Permission: `api_keys:read`. */
  auditOf(id: string, query?: Query<'listAuditOfApiKey'>, options?: RequestOptions): List<ApiKeyAuditEntry> {
    return this.#api.list('/api_keys/{id}/audit', { id, query }, options)
  }

  /** What happens to keys that are found where they don't belong. Permission: `api_keys:read`. */
  getSettings(options?: RequestOptions): Promise<KeySettings> {
    return this.#api.call('get', '/api_keys/settings', {}, options)
  }

  /** Permission: `api_keys:write`. */
  updateSettings(body: Body<'updateApiKeySettings'>, options?: RequestOptions): Promise<KeySettings> {
    return this.#api.call('patch', '/api_keys/settings', { body }, options)
  }
}
