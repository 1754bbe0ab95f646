/**
 * Identifiers in the TypeID format: a prefix, `_` and 26 characters of base-32 UUIDv7 (RFC 9562, section 5.7),
 * so that ids of one kind sort by the time they were made.
 */
import { randomFillSync } from 'node:crypto'

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

function randomWords(): [number, number] {
  if (poolOffset === POOL_BYTES) {
    randomFillSync(pool)
    poolOffset = 0
  }
  const words: [number, number] = [pool.readUInt32LE(poolOffset), pool.readUInt32LE(poolOffset + 4)]
  poolOffset += 8
  return words
}

/** 48 bits of time, version 7, 12 bits of counter, variant 10, 62 bits of randomness; 5 bits a character. */
function encode(ms: number, count: number, high: number, low: number): string {
  const timeHigh = Math.floor(ms / 0x10000)
  const word1 = ((ms & 0xffff) << 16) | 0x7000 | count
  const word2 = (high & 0x3fffffff) | 0x80000000
  let text = ''
  // 130 bits are written for 128: the first character carries the upper 3 bits.
  for (let shift = 125; shift >= 0; shift -= 5) text += ALPHABET[bits(timeHigh, word1, word2, low, shift)]
  return text
}

function bits(word0: number, word1: number, word2: number, word3: number, shift: number): number {
  const index = 3 - (shift >> 5)
  const offset = shift & 31
  const word = index === 0 ? word0 : index === 1 ? word1 : index === 2 ? word2 : word3
  let value = word >>> offset
  if (offset > 27) {
    const next = index === 1 ? word0 : index === 2 ? word1 : index === 3 ? word2 : 0
    value |= next << (32 - offset)
  }
  return value & 31
}

const ID_BODY = /^[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$/

/** True for a well-formed id with this prefix; says nothing about whether it exists. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && ID_BODY.test(text.slice(prefix.length + 1))
}
