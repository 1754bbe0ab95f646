/** CRC-32 as of RFC 1952, section 8 (that of zlib, gzip and PNG), without anything of Node. */

const POLYNOMIAL = 0xedb88320

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/** From 0 to 2 ** 32 - 1. Throws RangeError when the text isn't ASCII, whose bytes are its characters. */
export function crc32(ascii: string): number {
  let crc = 0xffffffff
  for (let i = 0; i < ascii.length; i++) {
    const code = ascii.charCodeAt(i)
    if (code > 0x7f) throw new RangeError(`character ${i} is not ASCII`)
    // The index is a byte, and the table has an entry for each.
    crc = (crc >>> 8) ^ (TABLE[(crc ^ code) & 0xff] as number)
  }
  return (crc ^ 0xffffffff) >>> 0
}
