/**
 * IP addresses and networks in CIDR notation (RFC 4632, RFC 4291). IPv4-mapped IPv6 is IPv4 throughout; a network of
 * one family never holds an address of the other.
 */
import { isIP } from 'node:net'

/** 128 bits, most significant first; IPv4 lies in the last 32. */
type Words = readonly [number, number, number, number]

export interface Cidr {
  /** Canonical: `203.0.113.0/24`, `2001:db8::/32` (RFC 5952). */
  readonly text: string
  readonly family: 4 | 6
  readonly words: Words
  /** 0 to 32 or 0 to 128, by family. */
  readonly prefix: number
}

const CIDR = /^([^/\s]+)(?:\/(\d{1,3}))?$/

/**
 * Reads `203.0.113.0/24`, `2001:db8::/32` or a single address. A sentence about what is wrong otherwise, to go on after
 * the field's name: bits behind the prefix are refused, since the writer meant either another address or another prefix.
 */
export function parseCidr(text: string): Cidr | string {
  const [, address = '', length] = CIDR.exec(text) ?? []
  const parsed = parseAddress(address)
  if (parsed === undefined || address.includes('%')) {
    return 'must be an IPv4 or IPv6 address or network, such as 203.0.113.7 or 2001:db8::/32'
  }
  const isMapped = parsed.family === 4 && address.includes(':')
  const offset = isMapped ? 96 : 0
  const bits = parsed.family === 4 ? 32 : 128
  const prefix = length === undefined ? bits : Number(length) - offset
  if (prefix < 0 || prefix > bits) {
    return `must have a prefix of ${offset} to ${bits + offset} after the slash`
  }
  const words = mask(parsed.words, parsed.family, prefix)
  const canonical = format(words, parsed.family)
  if (words.some((word, index) => word !== parsed.words[index])) {
    return `has bits behind its prefix: did you mean ${canonical}/${prefix}?`
  }
  return { text: `${canonical}/${prefix}`, family: parsed.family, words, prefix }
}

/** True when every address of `inner` is in one network of `outer`. */
export function covers(outer: readonly Cidr[], inner: Cidr): boolean {
  return outer.some((cidr) => {
    if (cidr.family !== inner.family || cidr.prefix > inner.prefix) return false
    const masked = mask(inner.words, inner.family, cidr.prefix)
    return masked.every((word, index) => word === cidr.words[index])
  })
}

/** A set of networks that is asked often. */
export class AddressList {
  readonly cidrs: readonly Cidr[]
  /** Of each network: what an address is masked with, and what must be left. */
  readonly #masks: readonly { family: 4 | 6; mask: Words; words: Words }[]

  /** Takes what `parseCidr` takes; anything else is a TypeError. */
  constructor(texts: readonly string[]) {
    this.cidrs = texts.map((text) => {
      const cidr = parseCidr(text)
      if (typeof cidr === 'string') throw new TypeError(`${text} ${cidr}`)
      return cidr
    })
    this.#masks = this.cidrs.map(({ family, prefix, words }) => ({
      family,
      mask: mask([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], family, prefix),
      words,
    }))
  }

  /** False for what is no address. */
  includes(address: string): boolean {
    const parsed = parseAddress(address)
    if (parsed === undefined) return false
    const { family, words } = parsed
    return this.#masks.some(
      (network) =>
        network.family === family &&
        (words[3] & network.mask[3]) >>> 0 === network.words[3] &&
        (words[2] & network.mask[2]) >>> 0 === network.words[2] &&
        (words[1] & network.mask[1]) >>> 0 === network.words[1] &&
        (words[0] & network.mask[0]) >>> 0 === network.words[0],
    )
  }
}

/** The address as people write it: IPv4-mapped IPv6 as IPv4, no zone. Anything else as it is, cut to 64 characters. */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address.length > 64 ? address.slice(0, 64) : address
  const parsed = parseAddress(address)
  return parsed === undefined ? address.slice(0, 64) : format(parsed.words, parsed.family)
}

function parseAddress(text: string): { family: 4 | 6; words: Words } | undefined {
  const kind = isIP(text)
  if (kind === 4) return { family: 4, words: [0, 0, 0, parseIpv4(text)] }
  if (kind !== 6) return undefined
  const words = parseIpv6(text)
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) {
    return { family: 4, words: [0, 0, 0, words[3]] }
  }
  return { family: 6, words }
}

/** Takes what isIP() found to be IPv4. */
function parseIpv4(text: string): number {
  let value = 0
  for (const part of text.split('.')) value = value * 256 + Number(part)
  return value
}

/** Takes what isIP() found to be IPv6, with or without a zone. */
function parseIpv6(text: string): Words {
  const zone = text.indexOf('%')
  let address = zone === -1 ? text : text.slice(0, zone)
  const dot = address.lastIndexOf('.')
  if (dot !== -1) {
    const colon = address.lastIndexOf(':')
    const value = parseIpv4(address.slice(colon + 1))
    address = `${address.slice(0, colon + 1)}${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`
  }
  const [head = '', tail] = address.split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
  const word = (index: number): number => ((all[index] ?? 0) * 0x10000 + (all[index + 1] ?? 0)) >>> 0
  return [word(0), word(2), word(4), word(6)]
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function mask(words: Words, family: 4 | 6, prefix: number): Words {
  const bits = family === 4 ? prefix + 96 : prefix
  const masked = words.map((word, index) => {
    const kept = Math.min(32, Math.max(0, bits - index * 32))
    return kept === 0 ? 0 : (word & (0xffffffff << (32 - kept))) >>> 0
  })
  return [masked[0] ?? 0, masked[1] ?? 0, masked[2] ?? 0, masked[3] ?? 0]
}

function format(words: Words, family: 4 | 6): string {
  if (family === 4) {
    const value = words[3]
    return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')
  }
  const hex = words.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)])
  // A URL writes its host as RFC 5952 asks, but an embedded IPv4 address, too, in hexadecimal: so do we.
  return new URL(`http://[${hex.join(':')}]`).hostname.slice(1, -1)
}
