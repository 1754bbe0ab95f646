/** One installation secret, a separate key for each purpose (HKDF-SHA-256, RFC 5869). */
import { hkdfSync } from 'node:crypto'

export type KeyPurpose = 'api-key-secrets' | 'cursors'

/** 32 bytes that only this purpose uses. */
export function deriveKey(installationSecret: Buffer, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', installationSecret, 'agentclara', purpose, 32))
}
