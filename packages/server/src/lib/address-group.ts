/** The part of an address that one party holds: what is to be counted for each caller is counted by it. */
import { parseCidr, plainAddress } from './cidr.ts'

/**
 * IPv4 as it is, IPv4-mapped IPv6 as IPv4, IPv6 by its /64, which is what the smallest customer of a network is given
 * whole (RFC 6177, section 2). What is no address is a group of its own, cut to 64 characters.
 */
export function addressGroup(address: string): string {
  const plain = plainAddress(address)
  const parsed = parseCidr(plain)
  if (typeof parsed === 'string' || parsed.family === 4 || plain.includes('/')) return plain
  const [high, low] = parsed.words
  const groups = [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff]
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`
}
