/**
 * What an IP address is for, by IANA's special-purpose registries (RFC 6890, RFC 8190; iana-ipv4-special-registry and
 * iana-ipv6-special-registry as of 2025), and which addresses cloud providers serve credentials at.
 */
import { isIP } from 'node:net'
import { AddressList, parseCidr, plainAddress } from '../../../lib/cidr.ts'

export type ForbiddenReason =
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'cgnat'
  | 'metadata'
  | 'unspecified'
  | 'multicast'
  | 'broadcast'
  | 'reserved'
  | 'unique-local'
  | 'site-local'
  | 'documentation'
  | 'benchmarking'
  | 'teredo'
  | 'discard'

export type Classification = { verdict: 'public' } | { verdict: 'forbidden'; reason: ForbiddenReason }

/** The first that holds an address names it: narrow ones stand before the wide ones that they lie in. */
const special: readonly (readonly [ForbiddenReason, AddressList])[] = (
  [
    // AWS (with ECS and EKS), GCP, Azure and most others; Alibaba; Oracle; the WireServer of Azure.
    ['metadata', ['169.254.169.254', '169.254.170.2', '169.254.170.23']],
    ['metadata', ['100.100.100.200', '192.0.0.192', '168.63.129.16']],
    // AWS, GCP, Oracle, OpenStack.
    ['metadata', ['fd00:ec2::/32', 'fd20:ce::254', 'fd00:c1::a9fe:a9fe', 'fe80::a9fe:a9fe']],
    ['unspecified', ['0.0.0.0', '::']],
    ['loopback', ['127.0.0.0/8', '::1']],
    ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']],
    ['link-local', ['169.254.0.0/16', 'fe80::/10']],
    ['cgnat', ['100.64.0.0/10']],
    ['unique-local', ['fc00::/7']],
    ['site-local', ['fec0::/10']],
    ['broadcast', ['255.255.255.255']],
    ['multicast', ['224.0.0.0/4', 'ff00::/8']],
    ['documentation', ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']],
    ['benchmarking', ['198.18.0.0/15', '2001:2::/48']],
    ['teredo', ['2001::/32']],
    ['discard', ['100::/64', '100:0:0:1::/64']],
    // 0/8, protocol assignments, the relays of 6to4, class E; for IPv6 also ORCHID (RFC 4843, RFC 7343).
    ['reserved', ['0.0.0.0/8', '192.0.0.0/24', '192.88.99.0/24', '240.0.0.0/4', '2001::/23']],
  ] as const
).map(([reason, cidrs]) => [reason, new AddressList(cidrs)])

/** All that IANA has given out for the internet (RFC 4291, section 2.4). */
const globalUnicast = new AddressList(['2000::/3'])

/**
 * IPv6 networks whose addresses lead to the IPv4 address inside: where its highest word of 32 bits begins. NAT64 (RFC 6052),
 * 6to4 (RFC 3056), and the IPv4-compatible addresses of old (RFC 4291, section 2.5.5.1). IPv4-mapped ones are IPv4
 * already in `lib/cidr.ts`. NAT64 within a network, 64:ff9b:1::/48 (RFC 8215), isn't here: where its IPv4 address lies is
 * up to the operator, so that a reading that looks public could lead inside. It is forbidden whole.
 */
const embedding: readonly { network: AddressList; startBit: number }[] = [
  { network: new AddressList(['64:ff9b::/96', '::/96']), startBit: 96 },
  { network: new AddressList(['2002::/16']), startBit: 16 },
]
const localNat64 = new AddressList(['64:ff9b:1::/48'])
const compatible = new AddressList(['::/96'])

/** IPv4 or IPv6, a zone is ignored. What is no address is `reserved`, like everything that isn't known to be public. */
export function classify(address: string): Classification {
  if (isIP(address) === 0) return forbidden('reserved')
  const plain = plainAddress(address)
  const found = special.find(([, networks]) => networks.includes(plain))
  if (found !== undefined) return forbidden(found[0])
  if (!plain.includes(':')) return { verdict: 'public' }
  if (localNat64.includes(plain)) return forbidden('private')
  const inner = embeddedIpv4(plain)
  if (inner !== undefined) {
    const judged = classify(inner)
    return judged.verdict === 'public' && compatible.includes(plain) ? forbidden('reserved') : judged
  }
  return globalUnicast.includes(plain) ? { verdict: 'public' } : forbidden('reserved')
}

/** Takes plain IPv6. */
function embeddedIpv4(address: string): string | undefined {
  const startBit = embedding.find(({ network }) => network.includes(address))?.startBit
  const parsed = parseCidr(address)
  if (startBit === undefined || typeof parsed === 'string') return undefined
  const groups = parsed.words.flatMap((word) => [word >>> 16, word & 0xffff])
  const [high = 0, low = 0] = groups.slice(startBit / 16)
  return [high >>> 8, high & 255, low >>> 8, low & 255].join('.')
}

function forbidden(reason: ForbiddenReason): Classification {
  return { verdict: 'forbidden', reason }
}

/** Goes on from an address: "10.0.0.1 is …". */
export const reasonText: Readonly<Record<ForbiddenReason, string>> = {
  loopback: 'this machine itself (loopback)',
  private: 'in a private network',
  'link-local': 'link-local',
  cgnat: 'in the shared address space of carriers (100.64.0.0/10)',
  metadata: 'a metadata service of a cloud, which gives out credentials',
  unspecified: 'the unspecified address',
  multicast: 'a multicast address',
  broadcast: 'the broadcast address',
  reserved: 'reserved and not part of the internet',
  'unique-local': 'in a private network (unique local)',
  'site-local': 'in a private network (site-local)',
  documentation: 'reserved for documentation',
  benchmarking: 'reserved for benchmarks',
  teredo: 'a Teredo tunnel',
  discard: 'discarded by routers',
}
