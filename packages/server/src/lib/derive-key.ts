/** One installation secret, a separate key for each purpose (HKDF-SHA-256, RFC 5869). */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

export type KeyPurpose =
  | 'api-key-secrets'
  | 'client-tokens'
  | 'cursors'
  | 'fingerprint'
  | 'idempotency'
  | 'invitations'
  | 'sign-in'
  | 'webhooks'

/**
 * 32 bytes that only this purpose uses. A KeyObject: an HMAC under a Buffer converts it anew each time, which takes
 * several times as long as the HMAC itself.
 */
export function deriveKey(installationSecret: Buffer, purpose: KeyPurpose): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', installationSecret, 'agentclara', purpose, 32)))
}
