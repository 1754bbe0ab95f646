/** A passkey made of software (WebAuthn Level 3, sections 6.1, 6.5), for tests: what a browser and a device answer. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const HAS_CREDENTIAL = 0x40

export interface AuthenticatorOptions {
  /** Of the page that asks. */
  origin: string
  rpId: string
  /** False: a device that anybody could use who holds it. */
  asksWhoIsThere?: boolean
}

export class Authenticator {
  readonly #options: AuthenticatorOptions
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #id = randomBytes(16)
  #counter = 0

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /** What `navigator.credentials.create` comes to. */
  register({ challenge }: { challenge: string }) {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    // COSE: an EC2 key for ES256 on P-256.
    const key = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ])
    const length = Buffer.from([0, this.#id.length])
    const data = Buffer.concat([this.#data(HAS_CREDENTIAL), Buffer.alloc(16), length, this.#id, key])
    // CBOR: { fmt: "none", attStmt: {}, authData: the bytes }.
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
      Buffer.from([data.length]),
      data,
    ])
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', challenge).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    })
  }

  /** What `navigator.credentials.get` comes to. */
  authenticate({ challenge }: { challenge: string }) {
    this.#counter += 1
    const client = this.#clientData('webauthn.get', challenge)
    const data = this.#data(0)
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
    return this.#credential({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#keys.privateKey).toString('base64url'),
    })
  }

  #data(flags: number): Buffer {
    const { rpId, asksWhoIsThere = true } = this.#options
    const rest = Buffer.alloc(5)
    rest[0] = flags | USER_PRESENT | (asksWhoIsThere ? USER_VERIFIED : 0)
    rest.writeUInt32BE(this.#counter, 1)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), rest])
  }

  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#options.origin, crossOrigin: false }))
  }

  #credential<T extends object>(response: T) {
    const id = this.#id.toString('base64url')
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} }
  }
}
