/**
 * The text of a client token: `ct_test_` or `ct_live_`, what it is bound to, and an HMAC-SHA-256 of both under a key
 * of its own. Nothing is stored: whoever made it, with which key, for whom and until when is in it, signed.
 */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { type Id, isId } from '../../../lib/ids.ts'
import type { ClientTokenPrincipal, EnvironmentName } from '../../../principal.ts'

export interface ClientTokenClaims {
  readonly tokenId: Id<'ctok'>
  readonly environment: EnvironmentName
  readonly environmentId: Id<'env'>
  readonly keyId: Id<'key'>
  readonly subject: ClientTokenPrincipal['subject']
  readonly expiresAtMs: number
}

/** On the wire, in this order: id, environment id, key id, contact or conversation id, end in milliseconds. */
type Payload = [string, string, string, string, number]

/** 32 bytes leave 2 bits of the last character unused, which would be read whatever they are: they must be zero. */
const FORM = /^ct_(test|live)_([\w-]{1,400})\.([\w-]{42}[AEIMQUYcgkosw048])$/

export function isClientToken(text: string): boolean {
  return text.startsWith('ct_')
}

export class ClientTokenCodec {
  readonly #key: KeyObject

  constructor(key: KeyObject) {
    this.#key = key
  }

  write(claims: ClientTokenClaims): string {
    const { tokenId, environment, environmentId, keyId, subject, expiresAtMs } = claims
    const subjectId = subject.kind === 'contact' ? subject.contactId : subject.conversationId
    const payload: Payload = [tokenId, environmentId, keyId, subjectId, expiresAtMs]
    const body = `ct_${environment}_${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
    return `${body}.${this.#sign(body).toString('base64url')}`
  }

  /** Undefined for what this installation didn't sign. The end isn't looked at. */
  read(text: string): ClientTokenClaims | undefined {
    const [, environment, payload, signature] = FORM.exec(text) ?? []
    if (environment === undefined || payload === undefined || signature === undefined) return undefined
    const given = Buffer.from(signature, 'base64url')
    const expected = this.#sign(text.slice(0, text.lastIndexOf('.')))
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    // Signed by write(), so it is what write() made.
    const [tokenId, environmentId, keyId, subjectId, expiresAtMs] = JSON.parse(
      Buffer.from(payload, 'base64url').toString('utf8'),
    ) as [Id<'ctok'>, Id<'env'>, Id<'key'>, string, number]
    return {
      tokenId,
      environment: environment as EnvironmentName, // the form allows these two words
      environmentId,
      keyId,
      subject: subjectOf(subjectId),
      expiresAtMs,
    }
  }

  #sign(body: string): Buffer {
    return createHmac('sha256', this.#key).update(body).digest()
  }
}

function subjectOf(id: string): ClientTokenPrincipal['subject'] {
  if (isId('conv', id)) return { kind: 'conversation', conversationId: id }
  if (isId('cust', id)) return { kind: 'contact', contactId: id }
  throw new TypeError(`a client token is for a contact or a conversation, not ${id}`)
}
