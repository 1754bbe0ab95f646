/** CIDR against node:net's BlockList as an oracle, and what is refused with which advice. */
import { BlockList, isIPv4 } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AddressList, type Cidr, covers, parseCidr, plainAddress } from './cidr.ts'

const ipv4 = fc.ipV4()
const ipv6 = fc.ipV6()

function cidr(text: string): Cidr {
  const parsed = parseCidr(text)
  if (typeof parsed === 'string') throw new Error(`${text} ${parsed}`)
  return parsed
}

/** The network of this prefix around the address. */
function around(address: string, prefix: number): Cidr {
  const parsed = parseCidr(`${address}/${prefix}`)
  if (typeof parsed !== 'string') return parsed
  return cidr(/did you mean (\S+)\?/.exec(parsed)?.[1] ?? '')
}

test('an address is in a network exactly when BlockList says so', () => {
  const cases = fc.oneof(
    fc.tuple(ipv4, fc.integer({ min: 0, max: 32 }), fc.oneof(ipv4, ipv6)),
    fc.tuple(ipv6, fc.integer({ min: 0, max: 128 }), fc.oneof(ipv4, ipv6)),
  )
  fc.assert(
    fc.property(cases, ([address, prefix, probe]) => {
      const network = around(address, prefix)
      if (network.family === 4 && address.includes(':')) return // mapped: covered below
      const oracle = new BlockList()
      oracle.addSubnet(
        network.text.split('/')[0] ?? '',
        network.prefix,
        network.family === 4 ? 'ipv4' : 'ipv6',
      )
      for (const candidate of [probe, address]) {
        const family = isIPv4(candidate) ? 'ipv4' : 'ipv6'
        // BlockList lets IPv6 networks hold mapped IPv4 addresses; ours hold none (shown below).
        if (network.family === 6 && plainAddress(candidate).includes('.')) continue
        expect(new AddressList([network.text]).includes(candidate)).toBe(oracle.check(candidate, family))
      }
    }),
    { numRuns: 3_000 },
  )
})

test('the canonical text reads back as the same network', () => {
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
      const network = around(address, address.includes(':') ? prefix + 96 : prefix)
      expect(cidr(network.text)).toEqual(network)
    }),
  )
})

test('a network covers another exactly when it holds its first and last address', () => {
  fc.assert(
    fc.property(
      ipv4,
      fc.nat(32),
      fc.nat(32),
      ipv4,
      fc.boolean(),
      (base, outerBits, innerBits, other, near) => {
        const outer = around(base, outerBits)
        const inner = around(near ? base : other, innerBits)
        const first = inner.text.split('/')[0] ?? ''
        const list = new AddressList([outer.text])
        expect(covers([outer], inner)).toBe(list.includes(first) && outer.prefix <= inner.prefix)
      },
    ),
  )
})

test.each([
  ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
  ['::ffff:10.1.2.3', '10.1.2.3/32'],
  ['2001:DB8:0:0::/32', '2001:db8::/32'],
  ['10.1.2.3', '10.1.2.3/32'],
  ['::1', '::1/128'],
  ['0.0.0.0/0', '0.0.0.0/0'],
])('%s is %s', (text, canonical) => {
  expect(cidr(text).text).toBe(canonical)
})

test.each([
  ['10.0.0.5/8', /did you mean 10\.0\.0\.0\/8\?/],
  ['2001:db8::1/32', /did you mean 2001:db8::\/32\?/],
  ['10.0.0.0/33', /0 to 32/],
  ['::/129', /0 to 128/],
  ['::ffff:10.0.0.0/8', /96 to 128/],
  ['10.0.0/8', /must be an IPv4 or IPv6/],
  ['010.0.0.1', /must be an IPv4 or IPv6/],
  ['example.com', /must be an IPv4 or IPv6/],
  ['fe80::1%eth0', /must be an IPv4 or IPv6/],
  ['10.0.0.0/8/8', /must be an IPv4 or IPv6/],
  [' 10.0.0.1', /must be an IPv4 or IPv6/],
  ['', /must be an IPv4 or IPv6/],
])('%j is refused', (text, problem) => {
  expect(parseCidr(text)).toMatch(problem)
})

test('IPv6 networks hold no IPv4, and mapped addresses are IPv4', () => {
  expect(new AddressList(['::/0']).includes('10.0.0.1')).toBe(false)
  expect(new AddressList(['10.0.0.0/8']).includes('::ffff:10.2.3.4')).toBe(true)
  expect(new AddressList(['10.0.0.0/8']).includes('::ffff:a02:304')).toBe(true)
  expect(new AddressList(['fe80::/10']).includes('fe80::1%eth0')).toBe(true)
  expect(new AddressList(['0.0.0.0/0', '::/0']).includes('unknown')).toBe(false)
})

test('addresses are written plainly', () => {
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1')
  expect(plainAddress('fe80::1%eth0')).toBe('fe80::1')
  expect(plainAddress('192.0.2.1')).toBe('192.0.2.1')
  expect(plainAddress('x'.repeat(100))).toHaveLength(64)
})
