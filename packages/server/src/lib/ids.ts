/**
 * Identifiers in the TypeID format: a prefix, `_` and 26 characters of base-32 UUIDv7 (RFC 9562, section 5.7),
 * so that ids of one kind sort by the time they were made.
 */
import { createHash, randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** What may stand before the underscore. `env`, `sec` and `node` stay inside the server. */
export type IdPrefix =
  | 'ws'
  | 'env'
  | 'key'
  | 'sec'
  | 'conv'
  | 'msg'
  | 'cust'
  | 'evt'
  | 'src'
  | 'req'
  | 'turn'
  | 'node'
  | 'aud'
  | 'ctok'
  | 'we'
  | 'dlv'
  | 'rec'
  | 'user'
  | 'ses'
  | 'mem'
  | 'inv'

export type Id<P extends IdPrefix> = `${P}_${string}`

const POOL_BYTES = 8 * 512
const pool = Buffer.allocUnsafe(POOL_BYTES)
let poolOffset = POOL_BYTES
let lastMs = 0
let counter = 0

/**
 * Makes an id. Ids made by one process are strictly increasing, also within a millisecond: the 12 bits after the
 * time count up (method 1 of RFC 9562, section 6.2) and, when they run out, borrow the next millisecond.
 */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  const [high, low] = randomWords()
  const nowMs = Date.now()
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = high & 0x3ff
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  return `${prefix}_${encode(lastMs, counter, high, low)}`
}

/** Makes an id of a given instant, for rows whose order is given by their own times. */
export function newIdAt<P extends IdPrefix>(prefix: P, ms: number): Id<P> {
  const [high, low] = randomWords()
  return `${prefix}_${encode(ms, low & 0xfff, high, randomWords()[1])}`
}

/**
 * The id that belongs to these parts: the same each time. For rows whose key is made of other ids, so that they can be
 * named before they are there. `ms` is the instant that it sorts by.
 */
export function derivedId<P extends IdPrefix>(prefix: P, ms: number, ...parts: string[]): Id<P> {
  const digest = createHash('sha256').update(parts.join('\0')).digest()
  return `${prefix}_${encode(ms, digest.readUInt16LE(8) & 0xfff, digest.readUInt32LE(0), digest.readUInt32LE(4))}`
}

function randomWords(): [number, number] {
  if (poolOffset === POOL_BYTES) {
    randomFillSync(pool)
    poolOffset = 0
  }
  const words: [number, number] = [pool.readUInt32LE(poolOffset), pool.readUInt32LE(poolOffset + 4)]
  poolOffset += 8
  return words
}

const letters = Buffer.from(ALPHABET, 'latin1')
/** Where an id is written before it is read as text: one text of 26 pieces would cost several times as much. */
const scratch = Buffer.alloc(26)
let writtenMs = -1

/** 48 bits of time, version 7, 12 bits of counter, variant 10, 62 bits of randomness; 5 bits a character. */
function encode(ms: number, count: number, high: number, low: number): string {
  if (ms !== writtenMs) writeTime(ms)
  // 130 bits are written for 128: the first character carries the upper 3 bits. The time fills the first 10.
  const word = 0x70000000 | (count << 16) | 0x8000 | (high & 0x3fff) // version, counter, variant, randomness
  const rest = (high >>> 14) & 0x3ffff
  writeLetters(10, word >>> 12, 4)
  writeLetters(14, word >>> 2, 2)
  writeLetters(16, (word << 8) | (rest >>> 10), 2)
  writeLetters(18, rest, 2)
  writeLetters(20, low, 6)
  return scratch.toString('latin1')
}

/** The lowest 5 bits of the value are the last of the letters. */
function writeLetters(offset: number, value: number, count: number): void {
  let rest = value
  for (let index = offset + count - 1; index >= offset; index--) {
    scratch[index] = letters[rest & 31] ?? 0
    rest >>>= 5
  }
}

/** The first 10 characters, which many ids made one after another share. */
function writeTime(ms: number): void {
  let rest = ms
  for (let index = 9; index >= 0; index--) {
    scratch[index] = letters[rest % 32] ?? 0
    rest = Math.floor(rest / 32)
  }
  writtenMs = ms
}

const ID_BODY = /^[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$/

/** True for a well-formed id with this prefix; says nothing about whether it exists. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && ID_BODY.test(text.slice(prefix.length + 1))
}

/** When the id was made, in milliseconds since 1970, as newId() or newIdAt() wrote it. */
export function idTimeMs(id: Id<IdPrefix>): number {
  let ms = 0
  for (const letter of id.slice(-26, -16)) ms = ms * 32 + ALPHABET.indexOf(letter)
  return ms
}
