/** What an authenticator says of how it was used (WebAuthn, section 6.1). Pure. */

const FLAGS_AT = 32
const USER_VERIFIED = 0x04
/** Nothing that decoders pass over, each in its own way. */
const BASE64URL = /^[\w-]+$/

/** Whether the device asked who is there. What it says is signed: it is looked at before the signature is checked. */
export function isUserVerified(credential: unknown): boolean {
  const { response } = (credential ?? {}) as { response?: { authenticatorData?: unknown } }
  const data = response?.authenticatorData
  if (typeof data !== 'string' || !BASE64URL.test(data)) return false
  return ((Buffer.from(data, 'base64url')[FLAGS_AT] ?? 0) & USER_VERIFIED) !== 0
}
