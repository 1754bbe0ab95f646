/**
 * A webhook's URL from its text to its verdict: what is refused as text, and where the rest leads, in every notation
 * that the WHATWG URL Standard reads.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeUrl } from './judge.ts'
import { EgressPolicy } from './policy.ts'
import { MAX_URL_LENGTH, parseWebhookUrl } from './url-rules.ts'

const names: Record<string, string[]> = {
  'example.com': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
  'example.com.': ['93.184.216.34'],
  'xn--bcher-kva.example': ['93.184.216.34'],
  localhost: ['127.0.0.1', '::1'],
  'inside.example': ['10.1.2.3'],
  'both.example': ['93.184.216.34', '10.1.2.3'],
  'both6.example': ['93.184.216.34', 'fd00::1'],
  '127.0.0.1.nip.example': ['127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'nat64.example': ['64:ff9b::a9fe:a9fe'],
}
const resolver = {
  async resolve(hostname: string) {
    const found = names[hostname]
    if (found === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
    return found
  },
}

async function verdict(text: string, policy: EgressPolicy): Promise<string> {
  const url = parseWebhookUrl(text, policy)
  if (typeof url === 'string') return url
  const judged = await judgeUrl(url, { policy, resolver })
  const forbidden = judged.addresses.find((one) => one.verdict === 'forbidden')
  return `${judged.verdict}${forbidden?.reason === undefined ? '' : ` ${forbidden.reason}`}`
}

const strict = new EgressPolicy({ allow: [], isDefaultLoopback: false, ports: [80, 443] })

test.each([
  ['https://example.com/hooks', 'allowed'],
  ['http://example.com/hooks?a=b', 'allowed'],
  ['HTTPS://EXAMPLE.COM/', 'allowed'],
  ['https://example.com:443/', 'allowed'],
  ['http://example.com:443/', 'allowed'],
  ['https://example.com./', 'allowed'],
  ['https://bücher.example/', 'allowed'],
  ['https://ｅｘａｍｐｌｅ．ｃｏｍ/', 'allowed'],
  ['https://ex%61mple.com/', 'allowed'],
  ['https://8.8.8.8/', 'allowed'],
  ['https://[2606:4700:4700::1111]/', 'allowed'],
  ['https://[64:ff9b::808:808]/', 'allowed'],
  ['https:example.com/hooks', 'allowed'],
  ['https:\\\\example.com\\hooks', 'allowed'],
  ['https://unknown.example/', 'unresolved'],
  ['https://a..b/', 'unresolved'],
  ['http://localhost/', 'forbidden loopback'],
  ['http://LOCALHOST/', 'forbidden loopback'],
  ['http://127.0.0.1/', 'forbidden loopback'],
  ['http://127.0.0.1./', 'forbidden loopback'],
  ['http://127.1/', 'forbidden loopback'],
  ['http://127.0.1/', 'forbidden loopback'],
  ['http://2130706433/', 'forbidden loopback'],
  ['http://0x7f000001/', 'forbidden loopback'],
  ['http://0x7f.1/', 'forbidden loopback'],
  ['http://0177.0.0.1/', 'forbidden loopback'],
  ['http://017700000001/', 'forbidden loopback'],
  ['http://0x7F.0.0x0.01/', 'forbidden loopback'],
  ['http://%31%32%37.0.0.1/', 'forbidden loopback'],
  ['http://127%2e0%2e0%2e1/', 'forbidden loopback'],
  ['http://１２７.０.０.１/', 'forbidden loopback'],
  ['http://127。0。0。1/', 'forbidden loopback'],
  ['http://①②⑦.⓪.⓪.①/', 'forbidden loopback'],
  ['http:127.0.0.1/', 'forbidden loopback'],
  ['http:\\\\127.0.0.1\\', 'forbidden loopback'],
  ['http:////127.0.0.1/', 'forbidden loopback'],
  ['http://127.0.0.1.nip.example/', 'forbidden loopback'],
  ['http://[::1]/', 'forbidden loopback'],
  ['http://[0:0:0:0:0:0:0:1]/', 'forbidden loopback'],
  ['http://[::ffff:127.0.0.1]/', 'forbidden loopback'],
  ['http://[::ffff:7f00:1]/', 'forbidden loopback'],
  ['http://[::127.0.0.1]/', 'forbidden loopback'],
  ['http://[64:ff9b::7f00:1]/', 'forbidden loopback'],
  ['http://[2002:7f00:1::]/', 'forbidden loopback'],
  ['http://0/', 'forbidden unspecified'],
  ['http://0.0.0.0/', 'forbidden unspecified'],
  ['http://[::]/', 'forbidden unspecified'],
  ['http://10.0.0.1/', 'forbidden private'],
  ['http://0xa000001/', 'forbidden private'],
  ['http://10.1/', 'forbidden private'],
  ['http://172.31.255.255/', 'forbidden private'],
  ['http://192.168.1/', 'forbidden private'],
  ['http://[2002:c0a8:101::1]/', 'forbidden private'],
  ['http://[64:ff9b:1::a00:1]/', 'forbidden private'],
  ['https://inside.example/', 'forbidden private'],
  ['https://both.example/', 'forbidden private'],
  ['https://both6.example/', 'forbidden unique-local'],
  ['http://100.64.0.1/', 'forbidden cgnat'],
  ['http://169.254.1.1/', 'forbidden link-local'],
  ['http://169.254.169.254/latest/meta-data/', 'forbidden metadata'],
  ['http://2852039166/', 'forbidden metadata'],
  ['http://0xa9fea9fe/', 'forbidden metadata'],
  ['http://metadata.google.internal/', 'forbidden metadata'],
  ['http://[fd00:ec2::254]/', 'forbidden metadata'],
  ['https://nat64.example/', 'forbidden metadata'],
  ['http://100.100.100.200/', 'forbidden metadata'],
  ['http://[fe80::1]/', 'forbidden link-local'],
  ['http://[fec0::1]/', 'forbidden site-local'],
  ['http://[ff02::1]/', 'forbidden multicast'],
  ['http://[2001:0:1::1]/', 'forbidden teredo'],
  ['http://255.255.255.255/', 'forbidden broadcast'],
  ['http://4294967295/', 'forbidden broadcast'],
  ['http://224.0.0.1/', 'forbidden multicast'],
  ['http://198.18.0.1/', 'forbidden benchmarking'],
])('%s is %s', async (url, expected) => {
  expect(await verdict(url, strict)).toBe(expected)
})

test.each([
  ['', /must be a URL such as/],
  ['example.com/hooks', /must be a URL such as/],
  ['https://', /must be a URL such as/],
  ['http://[fe80::1%25eth0]/', /must be a URL such as/],
  ['http://256.256.256.256/', /must be a URL such as/],
  ['http://1.2.3.4.5/', /must be a URL such as/],
  ['http://4294967296/', /must be a URL such as/],
  ['http://exam%00ple.com/', /must be a URL such as/],
  ['http://exa<mple.com/', /must be a URL such as/],
  ['https://example.com:99999/', /must be a URL such as/],
  ['ftp://example.com/', /must begin with https:\/\/ or http:\/\/, not ftp:/],
  ['file:///etc/passwd', /must begin with https/],
  ['gopher://127.0.0.1:6379/_FLUSHALL', /must begin with https/],
  ['javascript:alert(1)', /must begin with https/],
  ['data:text/plain,x', /must begin with https/],
  ['unix:/var/run/docker.sock', /must begin with https/],
  ['https://user:password@example.com/', /must have no user or password/],
  ['https://example.com@127.0.0.1/', /must have no user or password/],
  ['https://example.com/#fragment', /must have no fragment/],
  ['https://example.com/#', /must have no fragment/],
  [' https://example.com/', /must have no spaces/],
  ['https://exam\tple.com/', /must have no spaces/],
  ['https://example.com/\r\nX: y', /must have no spaces/],
  ['https://127.0.0.1\u0000/', /must have no spaces/],
  ['https://example.com:8080/', /must use port 80 or 443; .*WEBHOOK_ALLOW_PORTS/],
  ['http://example.com:22/', /must use port 80 or 443/],
  ['http://example.com:0/', /must use port 80 or 443/],
  [`https://example.com/${'a'.repeat(MAX_URL_LENGTH)}`, /must have at most 2048 characters/],
  [`https://example.com/${'ü'.repeat(1_000)}`, /must have at most 2048 characters once/],
  [`https://${'a.'.repeat(130)}com/`, /must have a host name of at most 253 characters/],
])('the text %j is refused with the fix', (url, message) => {
  expect(parseWebhookUrl(url, strict)).toMatch(message)
})

test('networks that the operator allows are open at every port, and only they', async () => {
  const policy = new EgressPolicy({
    allow: ['10.1.0.0/16', 'fd00::/8'],
    isDefaultLoopback: false,
    ports: [443],
  })
  expect(await verdict('http://10.1.2.3:9000/', policy)).toBe('allowed')
  expect(await verdict('http://inside.example:9000/', policy)).toBe('allowed')
  expect(await verdict('http://both6.example:443/', policy)).toBe('allowed')
  expect(await verdict('http://[fd00::7]:1234/', policy)).toBe('allowed')
  expect(await verdict('http://10.2.0.1/', policy)).toBe('forbidden private')
  expect(await verdict('http://example.com:9000/', policy)).toBe('forbidden port')
  // The public address of this name is at a port that is allowed inside only.
  expect(await verdict('http://both.example:9000/', policy)).toBe('forbidden port')
})

test('the allow list means an address, not one that a gateway translates to it', async () => {
  const policy = new EgressPolicy({ allow: ['127.0.0.0/8'], isDefaultLoopback: true, ports: [80, 443] })
  expect(await verdict('http://127.0.0.1:3000/', policy)).toBe('allowed')
  expect(await verdict('http://[::ffff:127.0.0.1]:3000/', policy)).toBe('allowed')
  expect(await verdict('http://[64:ff9b::7f00:1]:3000/', policy)).toBe('forbidden loopback')
  expect(await verdict('http://[::1]:3000/', policy)).toBe('forbidden loopback')
})

test('every notation of an IPv4 address is judged like the address', async () => {
  await fc.assert(
    fc.asyncProperty(fc.ipV4(), async (address) => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
      const value = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
      const octal = [a, b, c, d].map((part) => `0${part.toString(8)}`).join('.')
      const expected = await verdict(`http://${address}/`, strict)
      for (const host of [
        String(value),
        `0x${value.toString(16)}`,
        octal,
        `${a}.${value & 0xffffff}`,
        `${a}.${b}.${value & 0xffff}`,
        `${address}.`,
        `[::ffff:${address}]`,
        `[64:ff9b::${address}]`,
        [...address]
          .map((char) => (char === '.' ? '。' : String.fromCodePoint(char.charCodeAt(0) + 0xfee0)))
          .join(''),
      ]) {
        expect(await verdict(`http://${host}/`, strict), host).toBe(expected)
      }
    }),
  )
})
