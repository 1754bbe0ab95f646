/** Where requests go: judged at each connection, with a real name server that changes its mind, and real receivers. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { judgeUrl } from './judge.ts'
import type { Outcome } from './outcome.ts'
import { EgressPolicy } from './policy.ts'
import { WebhookSender } from './sender.ts'
import { DnsServer } from './testing/dns-server.ts'
import { httpReceiver, type Receiver } from './testing/receiver.ts'
import { parseWebhookUrl } from './url-rules.ts'

let dns: DnsServer
let receiver: Receiver
let policy: EgressPolicy
let sender: WebhookSender

beforeEach(async () => {
  dns = await DnsServer.start()
  receiver = await httpReceiver((_, response) => response.end('received'))
  // One address of this machine stands for the internet; all others are forbidden.
  policy = new EgressPolicy({ allow: ['127.0.0.1/32'], isDefaultLoopback: false, ports: [receiver.port] })
  sender = new WebhookSender({ policy, resolver: dns.resolver() })
})
afterEach(async () => {
  await Promise.all([sender.close(), receiver.stop(), dns.stop()])
})

const post = (host: string): Promise<Outcome> =>
  sender.post({
    url: `http://${host}:${receiver.port}/hook`,
    headers: {},
    body: Buffer.from('{}'),
    timeoutMs: 5_000,
  })

test('a name that was public when it was saved and is private when it is asked gets no byte', async () => {
  dns.set('rebinding.example', ['93.184.216.34'], ['127.0.0.2'])
  const url = parseWebhookUrl(`http://rebinding.example:${receiver.port}/`, policy)
  if (typeof url === 'string') throw new Error(url)
  expect(await judgeUrl(url, { policy, resolver: dns.resolver() })).toMatchObject({ verdict: 'allowed' })
  const outcome = await post('rebinding.example')
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'forbidden_address' })
  expect(outcome).toHaveProperty(
    'sentence',
    expect.stringMatching(/^rebinding\.example resolves to an address that is this machine itself/),
  )
  // What a name inside resolves to is no business of those who may not go there.
  expect(JSON.stringify(outcome)).not.toContain('127.0.0.2')
  expect(receiver.connections).toHaveLength(0)
})

test('one look into the DNS decides and connects: an answer that changes in between is not asked for', async () => {
  dns.set('quick.example', ['127.0.0.1'], ['127.0.0.2'])
  expect(await post('quick.example')).toMatchObject({ kind: 'answered', address: '127.0.0.1' })
  expect(dns.asked).toEqual(['quick.example'])
  expect(receiver.connections.map((socket) => socket.localAddress)).toEqual(['127.0.0.1'])
})

test('a kept connection stays with the address that was judged, and a new one is judged anew', async () => {
  dns.set('moved.example', ['127.0.0.1'], ['127.0.0.2'])
  expect(await post('moved.example')).toMatchObject({ kind: 'answered', isReusedConnection: false })
  await vi.waitFor(async () => {
    // Until the connection is free again, another would be made, and forbidden.
    expect(await post('moved.example')).toMatchObject({
      kind: 'answered',
      isReusedConnection: true,
      address: '127.0.0.1',
    })
  })
  for (const socket of receiver.connections) socket.destroy()
  await vi.waitFor(async () => {
    expect(await post('moved.example')).toMatchObject({ kind: 'failed', reason: 'forbidden_address' })
  })
  expect(receiver.connections.map((socket) => socket.localAddress ?? '127.0.0.1')).not.toContain('127.0.0.2')
})

test('a name with an allowed and a forbidden address is not asked at all', async () => {
  for (const addresses of [
    ['127.0.0.1', '127.0.0.2'],
    ['127.0.0.2', '127.0.0.1'],
    ['127.0.0.1', '10.0.0.1'],
    ['127.0.0.1', '::1'],
    ['127.0.0.1', '64:ff9b::7f00:1'],
  ]) {
    dns.set('both.example', addresses)
    expect(await post('both.example'), addresses.join()).toMatchObject({ reason: 'forbidden_address' })
  }
  expect(receiver.connections).toHaveLength(0)
})

test('addresses in the URL are judged though no name is looked up', async () => {
  for (const host of [
    '127.0.0.2',
    '2130706434',
    '0x7f.2',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.2]',
    '[::]',
  ]) {
    expect(await post(host), host).toMatchObject({ kind: 'failed', reason: 'forbidden_address' })
  }
  expect(receiver.connections).toHaveLength(0)
  expect(await post('2130706433')).toMatchObject({ kind: 'answered', address: '127.0.0.1' })
})

test('a port that isn’t allowed is not asked, also at an address of the internet', async () => {
  dns.set('public.example', ['93.184.216.34'])
  const narrow = new EgressPolicy({ allow: ['127.0.0.1/32'], isDefaultLoopback: false, ports: [443] })
  const other = new WebhookSender({ policy: narrow, resolver: dns.resolver() })
  const outcome = await other.post({ url: 'http://public.example:6379/', headers: {}, body: Buffer.alloc(0) })
  expect(outcome).toMatchObject({ reason: 'forbidden_address' })
  expect(outcome).toHaveProperty(
    'sentence',
    expect.stringMatching(/at port 6379: a webhook must use port 443/),
  )
  await other.close()
})

test('a name without address, and one whose name server is silent, fail in time and say why', async () => {
  dns.set('empty.example', [])
  expect(await post('empty.example')).toMatchObject({
    reason: 'dns',
    sentence: 'empty.example has no address in the DNS.',
  })
  const silent = {
    url: `http://silent.example:${receiver.port}/`,
    headers: {},
    body: Buffer.alloc(0),
    timeoutMs: 100,
  }
  expect(await sender.post(silent)).toMatchObject({
    reason: 'timeout',
    sentence: `silent.example:${receiver.port} wasn’t resolved and connected to within 0.1 s.`,
  })
})

test('an answer that redirects is the answer: no other address is asked', async () => {
  const inside = await httpReceiver((_, response) => response.end('inside'))
  const redirecting = await httpReceiver((request, response) => {
    const status = Number(request.url?.slice(1))
    response
      .writeHead(status, { location: `http://127.0.0.1:${inside.port}/`, refresh: '0' })
      .end('elsewhere')
  })
  for (const status of [300, 301, 302, 303, 305, 307, 308]) {
    const url = `http://127.0.0.1:${redirecting.port}/${status}`
    expect(await sender.post({ url, headers: {}, body: Buffer.from('{}') })).toMatchObject({
      kind: 'answered',
      status,
      headers: { location: `http://127.0.0.1:${inside.port}/` },
    })
  }
  expect(inside.connections).toHaveLength(0)
  await Promise.all([inside.stop(), redirecting.stop()])
})

test('proxies of the environment are not used', async () => {
  const proxy = await httpReceiver((_, response) => response.end('proxied'))
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
    vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`)
  }
  expect(await post('127.0.0.1')).toMatchObject({ kind: 'answered', body: Buffer.from('received') })
  vi.unstubAllEnvs()
  expect(proxy.connections).toHaveLength(0)
  await proxy.stop()
})
