/** Unbiased random text of letters and digits. */
import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The largest multiple of 62 that fits a byte: bytes from here on are thrown away, so that no letter is favoured. */
const UNBIASED_LIMIT = 248

/** `length` letters and digits, each uniformly distributed and from the operating system's generator. */
export function randomBase62(length: number): string {
  let text = ''
  const bytes = Buffer.allocUnsafe(length * 2)
  while (text.length < length) {
    randomFillSync(bytes)
    for (const byte of bytes) {
      if (byte < UNBIASED_LIMIT && text.length < length) text += ALPHABET.charAt(byte % 62)
    }
  }
  return text
}
