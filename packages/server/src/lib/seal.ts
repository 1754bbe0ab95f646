/** What must be read again and by nobody else: AES-256-GCM, with a name for what it is, so that one can't pass for another. */
import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** HMAC-SHA-256 of the parts under the installation's key. No part may contain NUL. */
export function digest(key: KeyObject, ...parts: (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part).update('\0')
  return hmac.digest()
}

/** `sealKey` is 32 bytes; `what` names the purpose, and with it perhaps whose it is. */
export function seal(sealKey: Buffer | KeyObject, what: string, plain: Uint8Array | string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(what))
  const text = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
  cipher.final()
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}

/** Undefined when it was sealed under another key, as something else, or isn't whole. */
export function unseal(sealKey: Buffer | KeyObject, what: string, sealed: Buffer): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', sealKey, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(what)).setAuthTag(tag)
  const plain = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return plain
}
