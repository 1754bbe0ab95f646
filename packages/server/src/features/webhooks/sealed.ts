/** What a webhook holds that must be read again but not by who reads the database: signing secrets, headers to send. */
import type { KeyObject } from 'node:crypto'
import { PUBLIC_KEY_PREFIX, SECRET_KEY_PREFIX } from '@agentclara/webhook-signature'
import type { Id } from '../../lib/ids.ts'
import { seal, unseal } from '../../lib/seal.ts'

export class WebhookVault {
  readonly #key: KeyObject

  constructor(key: KeyObject) {
    this.#key = key
  }

  sealSecret(id: Id<'we'>, secret: string): Buffer {
    return seal(this.#key, `secret ${id}`, secret)
  }

  sealHeaders(id: Id<'we'>, headers: Readonly<Record<string, string>>): Buffer | null {
    return Object.keys(headers).length === 0
      ? null
      : seal(this.#key, `headers ${id}`, JSON.stringify(headers))
  }

  /** Throws when the installation secret is another one than when it was sealed. */
  openSecret(id: Id<'we'>, sealed: Buffer): string {
    return this.#open(`secret ${id}`, sealed)
  }

  openHeaders(id: Id<'we'>, sealed: Buffer | null): Record<string, string> {
    // Written by sealHeaders.
    return sealed === null ? {} : (JSON.parse(this.#open(`headers ${id}`, sealed)) as Record<string, string>)
  }

  #open(what: string, sealed: Buffer): string {
    const plain = unseal(this.#key, what, sealed)
    if (plain === undefined) throw new Error(`${what} can’t be opened with this installation secret`)
    return plain.toString('utf8')
  }
}

const SEED_BYTES = 32

/** `whpk_…` of a `whsk_…` key, which is the seed and the public key one after the other. */
export function publicKeyOf(secretKey: string): string {
  const bytes = Buffer.from(secretKey.slice(SECRET_KEY_PREFIX.length), 'base64')
  return `${PUBLIC_KEY_PREFIX}${bytes.subarray(SEED_BYTES).toString('base64')}`
}
