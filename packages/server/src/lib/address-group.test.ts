import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressGroup } from './address-group.ts'

/** Eight groups in one of the ways that an address may be written. */
function written(groups: number[], style: 'full' | 'padded' | 'short' | 'zone'): string {
  const hex = groups.map((group) => group.toString(16))
  if (style === 'padded') return hex.map((group) => group.padStart(4, '0').toUpperCase()).join(':')
  if (style === 'short') return new URL(`http://[${hex.join(':')}]`).hostname.slice(1, -1)
  return style === 'zone' ? `${hex.join(':')}%eth0` : hex.join(':')
}

const group16 = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
const network = fc
  .tuple(group16, group16, group16, group16)
  .filter((groups) => groups.some((group) => group > 0))
const host = fc.tuple(group16, group16, group16, group16)
const style = fc.constantFrom('full', 'padded', 'short', 'zone')

test('two IPv6 addresses are one group exactly when their first 64 bits are the same, however they are written', () => {
  fc.assert(
    fc.property(network, network, host, host, style, style, (net, other, one, two, how, way) => {
      const group = addressGroup(written([...net, ...one], how))
      expect(addressGroup(written([...net, ...two], way))).toBe(group)
      const isSame = net.join() === other.join()
      expect(addressGroup(written([...other, ...two], way)) === group).toBe(isSame)
    }),
  )
})

test('IPv4 is a group of its own, also when it is mapped into IPv6', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(addressGroup(address)).toBe(address)
      expect(addressGroup(`::ffff:${address}`)).toBe(address)
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
      expect(addressGroup(`0:0:0:0:0:FFFF:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`)).toBe(
        address,
      )
    }),
  )
})

test('anything else is itself, cut to 64 characters', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200 }).filter((text) => !/^[\da-f.:]+(?:%|$)/i.test(text)),
      (text) => {
        expect(addressGroup(text)).toBe(text.slice(0, 64))
      },
    ),
  )
})

test.each([
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['', ''],
  ['1.2.3', '1.2.3'],
  ['2001:db8::1/64', '2001:db8::1/64'],
  ['1:2:3', '1:2:3'],
])('%s is of the group %s', (address, group) => {
  expect(addressGroup(address)).toBe(group)
})
