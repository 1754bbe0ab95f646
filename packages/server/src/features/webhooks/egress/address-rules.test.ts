/** Which addresses are the internet, and that no form of writing an IPv4 address changes what it is. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classify } from './address-rules.ts'

test.each([
  ['8.8.8.8', 'public'],
  ['1.1.1.1', 'public'],
  ['172.15.255.255', 'public'],
  ['172.32.0.0', 'public'],
  ['100.63.255.255', 'public'],
  ['100.128.0.0', 'public'],
  ['169.253.255.255', 'public'],
  ['223.255.255.255', 'public'],
  ['192.31.196.1', 'public'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'reserved'],
  ['10.0.0.0', 'private'],
  ['10.255.255.255', 'private'],
  ['100.64.0.0', 'cgnat'],
  ['100.127.255.255', 'cgnat'],
  ['100.100.100.200', 'metadata'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.255', 'loopback'],
  ['168.63.129.16', 'metadata'],
  ['169.254.0.1', 'link-local'],
  ['169.254.169.254', 'metadata'],
  ['169.254.170.2', 'metadata'],
  ['172.16.0.0', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.8', 'reserved'],
  ['192.0.0.192', 'metadata'],
  ['192.0.2.1', 'documentation'],
  ['192.88.99.1', 'reserved'],
  ['192.168.255.255', 'private'],
  ['198.18.0.0', 'benchmarking'],
  ['198.19.255.255', 'benchmarking'],
  ['198.51.100.7', 'documentation'],
  ['203.0.113.7', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['2606:4700:4700::1111', 'public'],
  ['2a00:1450:4001:82a::200e', 'public'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::7f00:1', 'loopback'],
  ['::8.8.8.8', 'reserved'],
  ['::ffff:10.0.0.1', 'private'],
  ['::ffff:0:10.0.0.1', 'reserved'],
  ['::ffff:a9fe:a9fe', 'metadata'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['64:ff9b::808:808', 'public'],
  ['64:ff9b:1::808:808', 'private'],
  ['64:ff9b:1:808:8:800::', 'private'],
  ['100::1', 'discard'],
  ['100:0:0:1::1', 'discard'],
  ['1000::1', 'reserved'],
  ['2001::1', 'teredo'],
  ['2001:2::1', 'benchmarking'],
  ['2001:20::1', 'reserved'],
  ['2001:db8::1', 'documentation'],
  ['3fff::1', 'documentation'],
  ['2002:a00:1::1', 'private'],
  ['2002:808:808::1', 'public'],
  ['4000::1', 'reserved'],
  ['5f00::1', 'reserved'],
  ['fc00::1', 'unique-local'],
  ['fd12:3456::1', 'unique-local'],
  ['fd00:ec2::254', 'metadata'],
  ['fd20:ce::254', 'metadata'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['febf::1', 'link-local'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
  ['not an address', 'reserved'],
  ['10.0.0.0/8', 'reserved'],
  ['', 'reserved'],
])('%s is %s', (address, expected) => {
  const found = classify(address)
  expect(found.verdict === 'public' ? 'public' : found.reason).toBe(expected)
})

/** Half of them near what is special, half anywhere. */
const ipv4 = fc.oneof(
  fc.ipV4(),
  fc
    .tuple(
      fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 224, 255),
      fc.nat(255),
      fc.nat(255),
      fc.nat(255),
    )
    .map((parts) => parts.join('.')),
)

test('an IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) has the verdict of the IPv4 address', () => {
  fc.assert(
    fc.property(ipv4, fc.ipV6(), (address, other) => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
      const expected = classify(address)
      for (const form of [
        `::ffff:${address}`,
        `::FFFF:${hex}`,
        `0:0:0:0:0:ffff:${hex}`,
        `64:ff9b::${address}`,
        `64:ff9b::${hex}`,
        `2002:${hex}::`,
        `2002:${hex}:1:2:3:4:5`,
        `::ffff:${hex}%eth0`,
      ]) {
        expect(classify(form), `${form} of ${address}, beside ${other}`).toEqual(expected)
      }
      // The IPv4-compatible form is of the past: never better than what is inside, and never public.
      const compatible = classify(`::${hex}`)
      if (expected.verdict === 'forbidden' && a !== 0) expect(compatible).toEqual(expected)
      else expect(compatible.verdict).toBe('forbidden')
    }),
    { numRuns: 1_000 },
  )
})

test('what is outside of IANA’s global unicast is never public', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const isGlobal =
        /^[23][0-9a-f]{3}:/i.test(address) || /^0*64:ff9b:/i.test(address) || address.includes('.')
      if (!isGlobal) expect(classify(address).verdict, address).toBe('forbidden')
    }),
    { numRuns: 1_000 },
  )
})
