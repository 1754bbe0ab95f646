/** From the text of a secret to its principal, or to the error that says what is wrong with it. */
import { hash, type KeyObject } from 'node:crypto'
import type { Db } from '../../db/client.ts'
import { ApiError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Id } from '../../lib/ids.ts'
import type { ApiKeyPrincipal, Grant } from '../../principal.ts'
import type { Credential, PrincipalCache } from './principal-cache.ts'
import { findMalformation, hashSecret, type MalformedReason, SECRET_LENGTH } from './secret.ts'
import { type CredentialRow, findCredential } from './store.ts'

const RATE_LIMITS_PER_MINUTE = { standard: 1_000, enterprise: 10_000 } as const

export interface AuthenticatorOptions {
  db: Db
  clock: Clock
  cache: PrincipalCache
  hmacKey: KeyObject
  /** Called for every accepted request; must return at once. */
  onUse: (keyId: Id<'key'>, nowMs: number) => void
}

export class Authenticator {
  readonly #options: AuthenticatorOptions
  readonly #lookUps = new Map<string, Promise<Credential>>()

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /** Without a query and without a promise when this node knows the secret. Throws ApiError. */
  authenticate = (text: string): ApiKeyPrincipal | Promise<ApiKeyPrincipal> => {
    // Memory is searched by a plain hash, a seventh of the HMAC's cost; the HMAC is made where the database is asked.
    const name = hash('sha256', text, 'hex')
    const known = this.#options.cache.find(name, performance.now())
    if (known !== undefined) return this.#admit(known)
    const malformation = findMalformation(text)
    if (malformation !== undefined) throw invalidKey(malformation, malformationHint(malformation, text))
    return this.#lookUpOnce(name, text).then((found) => this.#admit(found))
  }

  /** Requests that bring the same secret at the same time wait for one query. */
  #lookUpOnce(name: string, text: string): Promise<Credential> {
    const pending = this.#lookUps.get(name)
    if (pending !== undefined) return pending
    const lookUp = this.#lookUp(name, text).finally(() => this.#lookUps.delete(name))
    this.#lookUps.set(name, lookUp)
    return lookUp
  }

  async #lookUp(name: string, text: string): Promise<Credential> {
    const { cache, db, hmacKey } = this.#options
    for (;;) {
      const changes = cache.changes
      // Before the query: what it reads may be older than its answer.
      const readAtMs = performance.now()
      const row = await findCredential(db, hashSecret(hmacKey, text))
      const entry: Credential =
        row === undefined
          ? { kind: 'unknown', readAtMs }
          : {
              kind: 'known',
              principal: toPrincipal(row),
              revokedAt: row.revoked_at,
              readAtMs,
            }
      if (cache.remember(name, entry, changes)) return entry
    }
  }

  #admit(credential: Credential): ApiKeyPrincipal {
    if (credential.kind === 'unknown') throw invalidKey('unknown', UNKNOWN_HINT)
    const { principal, revokedAt } = credential
    const nowMs = this.#options.clock.nowMs()
    if (revokedAt !== null) {
      throw new ApiError('api_key_revoked', {
        hint: `This key ("${principal.name}") was revoked at ${revokedAt.toISOString()}. Create a new one.`,
      })
    }
    if (principal.expiresAt !== null && principal.expiresAt.getTime() <= nowMs) {
      throw new ApiError('api_key_expired', {
        hint: `This key ("${principal.name}") expired at ${principal.expiresAt.toISOString()}. Create a new one.`,
      })
    }
    this.#options.onUse(principal.keyId, nowMs)
    return principal
  }
}

function toPrincipal(row: CredentialRow): ApiKeyPrincipal {
  return {
    kind: 'api_key',
    keyId: row.id,
    secretId: row.secret_id,
    name: row.name,
    lastFour: row.last_four,
    environmentId: row.environment_id,
    environment: row.environment,
    workspaceId: row.workspace_id,
    workspaceName: row.workspace_name,
    rateLimitPerMinute: RATE_LIMITS_PER_MINUTE[row.plan],
    // Written by this server only after validation against the list of permissions.
    grants: row.permissions as Grant[],
    expiresAt: row.expires_at,
  }
}

const UNKNOWN_HINT =
  'This server does not know the key. It was made for another server or another data folder: check the base URL, and that the admin command ran with the server’s AGENTCLARA_DATA_DIR or DATABASE_URL.'

function malformationHint(reason: MalformedReason, text: string): string {
  switch (reason) {
    case 'whitespace':
      return 'There is a space or line break in the key: copy it again without.'
    case 'wrong_prefix':
      return /^["'“‘`<{]/.test(text)
        ? 'Remove the quotes or brackets around the key.'
        : 'A key begins with sk_test_ or sk_live_. Is YOUR_API_KEY still in the code, or a key of another service?'
    case 'truncated':
      return `The key has ${text.length} of ${SECRET_LENGTH} characters: copy the full key.`
    case 'checksum_mismatch':
      return text.length > SECRET_LENGTH
        ? `The key has ${text.length} characters instead of ${SECRET_LENGTH}: copy it again.`
        : 'At least one character of the key is wrong: copy it again rather than typing it.'
  }
}

function invalidKey(reason: MalformedReason | 'unknown', hint: string): ApiError {
  return new ApiError('invalid_api_key', { hint, details: { reason } })
}
