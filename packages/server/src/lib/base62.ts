/** Base 62 with the alphabet 0-9A-Za-z: fixed-width numbers and unbiased random text. */
import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The largest multiple of 62 that fits a byte: bytes from here on are thrown away, so that no letter is favoured. */
const UNBIASED_LIMIT = 248

/** Big-endian, left-padded with `0`. The value must be a non-negative integer below 62 ** width. */
export function encodeBase62(value: number, width: number): string {
  let text = ''
  let rest = value
  for (let i = 0; i < width; i++) {
    text = ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  if (rest !== 0) throw new RangeError(`${value} needs more than ${width} characters in base 62`)
  return text
}

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
