/** What is said about a URL when it is saved, with a real name server. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { judgeUrl, type UrlJudgement } from './judge.ts'
import { EgressPolicy } from './policy.ts'
import { SharedResolver } from './resolver.ts'
import { DnsServer } from './testing/dns-server.ts'
import { parseWebhookUrl } from './url-rules.ts'

const strict = new EgressPolicy({ allow: [], isDefaultLoopback: false, ports: [80, 443] })
let dns: DnsServer

beforeAll(async () => {
  dns = await DnsServer.start()
})
afterAll(() => dns.stop())

async function judge(text: string, policy = strict, resolveTimeoutMs = 2_000): Promise<UrlJudgement> {
  const url = parseWebhookUrl(text, policy)
  if (typeof url === 'string') throw new Error(url)
  return judgeUrl(url, { policy, resolver: dns.resolver(), resolveTimeoutMs })
}

test('one forbidden address of a name forbids the URL, and no address inside is told', async () => {
  dns.set('both.example', ['93.184.216.34', '10.0.0.5', '2606:2800:220:1::1', 'fe80::7'])
  expect(await judge('https://both.example/hooks')).toEqual({
    host: 'both.example',
    port: 443,
    addresses: [
      { address: '93.184.216.34', verdict: 'allowed' },
      { verdict: 'forbidden', reason: 'private' },
      { address: '2606:2800:220:1::1', verdict: 'allowed' },
      { verdict: 'forbidden', reason: 'link-local' },
    ],
    verdict: 'forbidden',
    explanation:
      'both.example resolves to an address that is in a private network, where webhooks may not go: use a URL that the internet can reach, or let the operator of this server allow the network in WEBHOOK_ALLOW_CIDRS.',
  })
})

test('a forbidden address that the URL has is told with its reason', async () => {
  expect(await judge('https://10.0.0.5/hooks')).toMatchObject({
    addresses: [{ address: '10.0.0.5', verdict: 'forbidden', reason: 'private' }],
    explanation: expect.stringMatching(/^10\.0\.0\.5 is in a private network, where webhooks may not go/),
  })
})

test('a name in the internet is allowed, at the addresses that are shown', async () => {
  dns.set('public.example', ['93.184.216.34', '93.184.216.35'])
  const judged = await judge('http://public.example/')
  expect(judged).toMatchObject({ verdict: 'allowed', port: 80 })
  expect(judged.explanation).toBe(
    'public.example resolves to 93.184.216.34, 93.184.216.35, which are in the internet.',
  )
})

test('where loopback is allowed by default, the explanation says so', async () => {
  const policy = new EgressPolicy({
    allow: ['127.0.0.0/8', '::1/128'],
    isDefaultLoopback: true,
    ports: [80, 443],
  })
  const judged = await judge('http://127.0.0.1:3000/', policy)
  expect(judged.verdict).toBe('allowed')
  expect(judged.explanation).toMatch(
    /^127\.0\.0\.1 is allowed because nobody but this machine.*WEBHOOK_ALLOW_CIDRS/,
  )
  dns.set('mixed.example', ['127.0.0.1'])
  expect((await judge('http://mixed.example:3000/', policy)).explanation).toMatch(
    /^mixed\.example resolves to 127\.0\.0\.1, which is allowed because/,
  )
})

test('what an operator allows is said to be allowed by the operator', async () => {
  const policy = new EgressPolicy({ allow: ['10.0.0.0/8'], isDefaultLoopback: false, ports: [443] })
  expect((await judge('http://10.1.1.1:8080/', policy)).explanation).toBe(
    '10.1.1.1 is allowed by WEBHOOK_ALLOW_CIDRS.',
  )
})

test('a port that is open inside only is named with the fix', async () => {
  const policy = new EgressPolicy({ allow: ['10.0.0.0/8'], isDefaultLoopback: false, ports: [443] })
  expect((await judge('http://93.184.216.34:8080/', policy)).explanation).toBe(
    '93.184.216.34 can’t be reached at port 8080: a webhook must use port 443; the operator of this server can allow others in WEBHOOK_ALLOW_PORTS.',
  )
})

test('a name without address is unresolved', async () => {
  dns.set('empty.example', [])
  expect(await judge('https://empty.example/')).toEqual({
    host: 'empty.example',
    port: 443,
    addresses: [],
    verdict: 'unresolved',
    explanation: 'empty.example has no address in the DNS: check the name.',
  })
})

test('a name server that is silent makes nobody wait beyond the limit', async () => {
  const judged = await judge('https://silent.example/', strict, 100)
  expect(judged).toMatchObject({
    verdict: 'unresolved',
    explanation: 'silent.example wasn’t resolved within 0.1 s: check the name.',
  })
})

test('many who ask for one name at once ask the name server once, and later ones again', async () => {
  dns.set('shared.example', ['93.184.216.34'])
  const shared = new SharedResolver(dns.resolver())
  const before = dns.asked.length
  const found = await Promise.all(Array.from({ length: 20 }, () => shared.resolve('shared.example')))
  expect(found).toEqual(Array.from({ length: 20 }, () => ['93.184.216.34']))
  expect(dns.asked.length - before).toBe(1)
  await shared.resolve('shared.example')
  expect(dns.asked.length - before).toBe(2)
})
