/** From the text of a secret or client token to its principal, or to the error that says what is wrong with it. */
import { hash, type KeyObject } from 'node:crypto'
import { findMalformation, type MalformedReason, SECRET_LENGTH } from '@agentclara/key-format'
import type { Db } from '../../../db/client.ts'
import { ApiError, rateLimited } from '../../../errors.ts'
import { addressGroup } from '../../../lib/address-group.ts'
import type { Throttle } from '../../../lib/throttle.ts'
import type { KeyHolder } from '../../../principal.ts'
import { hashSecret } from '../secret.ts'
import { Batches } from './batches.ts'
import { type ClientTokenCodec, isClientToken } from './client-token.ts'
import { toClientPrincipal, toKeyPrincipal } from './credentials.ts'
import type { Credential, PrincipalCache } from './principal-cache.ts'
import { type CredentialRow, findCredentials, findKeyCredential } from './store.ts'

export interface AuthenticatorOptions {
  db: Db
  cache: PrincipalCache
  hmacKey: KeyObject
  clientTokens: ClientTokenCodec
  /** Failures by address: what is beyond is answered 429. Valid keys never meet it. */
  failures: Throttle
}

export class Authenticator {
  readonly #options: AuthenticatorOptions
  readonly #lookUps = new Map<string, Promise<Credential>>()
  /** By address, one query at a time for all that wait. */
  readonly #batches: Batches<Buffer, CredentialRow>

  constructor(options: AuthenticatorOptions) {
    this.#options = options
    this.#batches = new Batches((hashes) => findCredentials(options.db, hashes))
  }

  /**
   * Who holds this text, whatever became of the key since: see `validity.ts`. Without a query and without a promise
   * when this node knows it. Throws ApiError for a text that proves nothing.
   */
  identify(text: string, address: string): KeyHolder | Promise<KeyHolder> {
    // Memory is searched by a plain hash, a seventh of the HMAC's cost; the HMAC is made where the database is asked.
    const name = hash('sha256', text, 'hex')
    const known = this.#options.cache.find(name, performance.now())
    if (known?.kind === 'known') return known.principal
    if (known !== undefined && isClientToken(text)) throw new ApiError('invalid_client_token')
    if (known !== undefined) throw this.#failure(address, 'unknown', UNKNOWN_HINT)
    if (isClientToken(text)) return this.#identifyToken(name, text, address)
    const malformation = findMalformation(text)
    if (malformation !== undefined) {
      throw this.#failure(address, malformation, malformationHint(malformation, text))
    }
    return this.#lookUpOnce(name, () => this.#findSecret(text, address)).then((found) => {
      if (found.kind === 'known') return found.principal
      throw this.#failure(address, 'unknown', UNKNOWN_HINT)
    })
  }

  #identifyToken(name: string, text: string, address: string): Promise<KeyHolder> {
    const claims = this.#options.clientTokens.read(text)
    if (claims === undefined) throw this.#throttled(address) ?? new ApiError('invalid_client_token')
    const find = async (): Promise<KeyHolder | undefined> => {
      const row = await findKeyCredential(this.#options.db, claims.environmentId, claims.keyId)
      return row === undefined ? undefined : toClientPrincipal(row, claims)
    }
    return this.#lookUpOnce(name, find).then((found) => {
      if (found.kind === 'known') return found.principal
      throw new ApiError('invalid_client_token')
    })
  }

  /**
   * Lookups of one address wait for each other: however many guesses it sends, before the first has failed, too, they
   * can't take the database's connections from everybody else. A valid secret among them waits for two queries at most.
   */
  async #findSecret(text: string, address: string): Promise<KeyHolder | undefined> {
    const hash = hashSecret(this.#options.hmacKey, text)
    const row = await this.#batches.find(addressGroup(address), hash)
    return row === undefined ? undefined : toKeyPrincipal(row)
  }

  /** Requests that bring the same text at the same time wait for one query. */
  #lookUpOnce(name: string, find: () => Promise<KeyHolder | undefined>): Promise<Credential> {
    const pending = this.#lookUps.get(name)
    if (pending !== undefined) return pending
    const lookUp = this.#lookUp(name, find).finally(() => this.#lookUps.delete(name))
    this.#lookUps.set(name, lookUp)
    return lookUp
  }

  async #lookUp(name: string, find: () => Promise<KeyHolder | undefined>): Promise<Credential> {
    const { cache } = this.#options
    for (;;) {
      const changes = cache.changes
      // Before the query: what it reads may be older than its answer.
      const readAtMs = performance.now()
      const principal = await find()
      const entry: Credential =
        principal === undefined ? { kind: 'unknown', readAtMs } : { kind: 'known', principal, readAtMs }
      if (cache.remember(name, entry, changes)) return entry
    }
  }

  #failure(address: string, reason: MalformedReason | 'unknown', hint: string): ApiError {
    return this.#throttled(address) ?? new ApiError('invalid_api_key', { hint, details: { reason } })
  }

  #throttled(address: string): ApiError | undefined {
    const group = addressGroup(address)
    const waitMs = this.#options.failures.take(group, performance.now())
    if (waitMs === 0) return undefined
    return rateLimited('failed_authentication', waitMs, {
      hint: `Too many requests from ${group} with keys that this server doesn’t know. Valid keys from there go on working.`,
    })
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
