/** What is sent, what is kept of the answer, and how connections, time and memory are bounded: real receivers. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Outcome } from './outcome.ts'
import { EgressPolicy } from './policy.ts'
import { SharedResolver } from './resolver.ts'
import { type WebhookRequest, WebhookSender, type WebhookSenderOptions } from './sender.ts'
import { certificate } from './testing/certificate.ts'
import { httpReceiver, type Receiver, readBody, tlsReceiver } from './testing/receiver.ts'

const policy = new EgressPolicy({
  allow: ['127.0.0.0/8', '::1/128'],
  isDefaultLoopback: true,
  ports: [80, 443],
})
const KIB = 1024
let sender: WebhookSender
let receivers: Receiver[]
let senders: WebhookSender[]

beforeEach(() => {
  receivers = []
  senders = []
  sender = make({})
})
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.stop()))
  await Promise.all(senders.map((one) => one.close()))
})

function make(options: Partial<WebhookSenderOptions>): WebhookSender {
  const made = new WebhookSender({ policy, ...options })
  senders.push(made)
  return made
}

async function keep(receiver: Promise<Receiver>): Promise<Receiver> {
  const started = await receiver
  receivers.push(started)
  return started
}

const post = ({ url }: { url: string }, more: Partial<WebhookRequest> = {}): Promise<Outcome> =>
  sender.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000, ...more })

test('a request arrives as it was given: path, headers, bytes, and nothing beside', async () => {
  const arrived: unknown[] = []
  const receiver = await keep(
    httpReceiver(async (request, response) => {
      arrived.push(request.method, request.url, request.rawHeaders, await readBody(request))
      response.writeHead(201, { 'X-Answer': 'a', 'Set-Cookie': ['b=1', 'c=2'] }).end('thanks')
    }),
  )
  const body = Buffer.from('{"name":"Zoë"}')
  const outcome = await post(receiver, {
    headers: { 'Webhook-Id': 'evt_1', 'content-type': 'application/json' },
    body,
  })
  const headers = ['host', `127.0.0.1:${receiver.port}`, 'connection', 'keep-alive']
  const sent = ['Webhook-Id', 'evt_1', 'content-type', 'application/json', 'content-length', '15']
  expect(arrived).toEqual(['POST', '/hook?a=b', [...headers, ...sent], '{"name":"Zoë"}'])
  expect(outcome).toEqual({
    kind: 'answered',
    status: 201,
    headers: expect.objectContaining({ 'x-answer': 'a', 'set-cookie': 'b=1, c=2' }),
    body: Buffer.from('thanks'),
    bodyBytes: 6,
    isCut: false,
    timing: { connectMs: expect.any(Number), totalMs: expect.any(Number) },
    address: '127.0.0.1',
    isReusedConnection: false,
  })
})

test('what can’t be sent fails without a connection', async () => {
  const receiver = await keep(httpReceiver((_, response) => response.end()))
  const refused: Record<string, string>[] = [
    { Host: 'x' },
    { 'content-length': '0' },
    { 'transfer-encoding': 'chunked' },
    { a: 'x\r\nb: c' },
  ]
  for (const headers of refused) {
    expect(await post(receiver, { headers })).toMatchObject({ kind: 'failed', reason: 'invalid_request' })
  }
  expect(await post({ url: `http://u:p@127.0.0.1:${receiver.port}/` })).toMatchObject({
    reason: 'invalid_request',
  })
  expect(receiver.connections).toHaveLength(0)
})

test('a body of 16 KiB is whole, one byte more is cut and costs the connection', async () => {
  const receiver = await keep(
    httpReceiver((request, response) => response.end(Buffer.alloc(Number(request.url?.slice(1)), 'x'))),
  )
  const get = (size: number) => post({ url: `http://127.0.0.1:${receiver.port}/${size}` })
  expect(await get(16 * KIB)).toMatchObject({ isCut: false, bodyBytes: 16 * KIB })
  expect(receiver.connections.some((socket) => socket.closed)).toBe(false)
  const cut = await get(16 * KIB + 1)
  expect(cut).toMatchObject({ kind: 'answered', status: 200, isCut: true, body: Buffer.alloc(16 * KIB, 'x') })
  await vi.waitUntil(() => receiver.connections.some((socket) => socket.closed))
})

test('a port where nothing listens is refused', async () => {
  const receiver = await httpReceiver(() => undefined)
  await receiver.stop()
  expect(await post(receiver)).toMatchObject({
    kind: 'failed',
    reason: 'refused',
    sentence: `127.0.0.1:${receiver.port} refused the connection: nothing listens there.`,
  })
})

test('connections are kept and reused, and there are never more than the limit', async () => {
  const receiver = await keep(httpReceiver((_, response) => response.end()))
  for (let index = 0; index < 20; index++) expect(await post(receiver)).toMatchObject({ status: 200 })
  // While one is being freed, the next request may take another.
  expect(receiver.connections.length).toBeLessThanOrEqual(2)
  expect(await post(receiver)).toMatchObject({
    isReusedConnection: true,
    timing: { totalMs: expect.any(Number) },
  })

  const bounded = make({ maxConnections: 4 })
  const other = await keep(httpReceiver((_, response) => response.end()))
  const request = { url: other.url, headers: {}, body: Buffer.from('{}') }
  const outcomes = await Promise.all(Array.from({ length: 60 }, () => bounded.post(request)))
  expect(outcomes.every((outcome) => outcome.kind === 'answered')).toBe(true)
  expect(other.connections).toHaveLength(4)
})

test('one that waits for a connection is given up at its limit, says nothing of the receiver and costs it nothing', async () => {
  const narrow = make({ maxConnections: 1 })
  const release: (() => void)[] = []
  const receiver = await keep(httpReceiver((_, response) => release.push(() => response.end())))
  const request = { url: receiver.url, headers: {}, body: Buffer.from('{}') }
  const first = narrow.post(request)
  await vi.waitUntil(() => release.length === 1)
  expect(await narrow.post({ ...request, waitMs: 50 })).toMatchObject({
    reason: 'busy',
    sentence: expect.stringMatching(/were in use for 0\.05 s; nothing was sent/),
  })
  release[0]?.()
  expect(await first).toMatchObject({ kind: 'answered' })
  const last = narrow.post(request)
  await vi.waitUntil(() => release.length === 2)
  release[1]?.()
  expect(await last).toMatchObject({ kind: 'answered', isReusedConnection: true })
  expect(receiver.connections).toHaveLength(1)
})

test('the time that a request waits for a connection isn’t part of its limit', async () => {
  const narrow = make({ maxConnections: 1 })
  const release: (() => void)[] = []
  const receiver = await keep(httpReceiver((_, response) => release.push(() => response.end())))
  const request = { url: receiver.url, headers: {}, body: Buffer.from('{}') }
  const first = narrow.post({ ...request, timeoutMs: 1_200 })
  const second = narrow.post({ ...request, timeoutMs: 1_000 })
  // The first one is never answered: the second one gets its connection when all of its own limit has passed.
  expect(await first).toMatchObject({ reason: 'timeout' })
  await vi.waitUntil(() => release.length === 2)
  release[1]?.()
  const answered = await second
  expect(answered).toMatchObject({ kind: 'answered' })
  expect(answered.timing.totalMs).toBeLessThan(1_000)
})

test('a group whose connections are all in use holds up no other group to the same receiver', async () => {
  const narrow = make({ maxConnections: 1 })
  const receiver = await keep(
    httpReceiver((request, response) => {
      if (request.headers['x-tenant'] === 'b') response.end()
    }),
  )
  const request = { url: receiver.url, body: Buffer.from('{}') }
  const stop = new AbortController()
  const held = Array.from({ length: 3 }, () =>
    narrow.post({ ...request, headers: { 'x-tenant': 'a' }, group: 'we_a', signal: stop.signal }),
  )
  const other = { ...request, headers: { 'x-tenant': 'b' }, group: 'we_b' }
  expect(await narrow.post(other)).toMatchObject({ kind: 'answered' })
  expect(narrow.receivers).toBe(2)
  stop.abort()
  for (const outcome of await Promise.all(held)) expect(outcome).toMatchObject({ reason: 'aborted' })
})

test('a name that there is no room to resolve fails as busy, which says nothing of the receiver', async () => {
  const shared = new SharedResolver(
    { resolve: () => new Promise<string[]>(() => undefined) },
    { maxUnderWay: 1 },
  )
  const full = make({ resolver: shared })
  void shared.resolve('other.example')
  const request = { url: 'http://crm.example/', headers: {}, body: Buffer.from('{}') }
  expect(await full.post(request)).toMatchObject({
    reason: 'busy',
    sentence: 'crm.example can’t be resolved now: too many other names are being resolved.',
  })
})

test('an attempt to connect that nobody waits for any more makes room at once, also while others go on', async () => {
  const resolver = { resolve: () => new Promise<string[]>(() => undefined) }
  const two = make({ maxConnections: 2, resolver })
  const stop = new AbortController()
  const request = { url: 'http://silent.example/', headers: {}, body: Buffer.from('{}') }
  const patient = two.post({ ...request, signal: stop.signal })
  for (let index = 0; index < 3; index++) {
    expect(await two.post({ ...request, timeoutMs: 50 })).toHaveProperty(
      'sentence',
      'silent.example:80 wasn’t resolved and connected to within 0.05 s.',
    )
  }
  stop.abort()
  expect(await patient).toMatchObject({ reason: 'aborted' })
})

test('connections are kept to a bounded number of receivers, and to none that has closed them', async () => {
  const few = make({ maxReceivers: 2 })
  const five = await Promise.all(
    Array.from({ length: 5 }, () => keep(httpReceiver((_, response) => response.end()))),
  )
  const outcomes = await Promise.all(
    five.map(({ url }) => few.post({ url, headers: {}, body: Buffer.from('{}') })),
  )
  expect(outcomes.every((outcome) => outcome.kind === 'answered')).toBe(true)
  expect(few.receivers).toBe(2)
  await vi.waitUntil(() => five.slice(0, 3).every((one) => one.connections.every((socket) => socket.closed)))
  for (const { connections } of five) for (const socket of connections) socket.destroy()
  await vi.waitUntil(() => few.receivers === 0)
})

test('a signal ends a request that is under way, one that waits, and one that hasn’t begun', async () => {
  const narrow = make({ maxConnections: 1 })
  const receiver = await keep(httpReceiver(() => undefined))
  const stop = new AbortController()
  const request = { url: receiver.url, headers: {}, body: Buffer.from('{}'), signal: stop.signal }
  const outcomes = [narrow.post(request), narrow.post(request)]
  await vi.waitUntil(() => receiver.connections.length === 1)
  stop.abort()
  outcomes.push(narrow.post(request))
  for (const outcome of await Promise.all(outcomes)) {
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'aborted' })
  }
  await vi.waitUntil(() => receiver.connections.every((socket) => socket.closed))
  expect(receiver.connections).toHaveLength(1)
})

test('closing waits for what is under way, refuses what comes later, and leaves no connection', async () => {
  const release: (() => void)[] = []
  const receiver = await keep(httpReceiver((_, response) => release.push(() => response.end('late'))))
  const outcome = post(receiver)
  await vi.waitUntil(() => release.length === 1)
  const closed = sender.close()
  expect(await post(receiver)).toMatchObject({ kind: 'failed', reason: 'aborted' })
  release[0]?.()
  expect(await outcome).toMatchObject({ kind: 'answered', body: Buffer.from('late') })
  await closed
  await vi.waitUntil(() => receiver.connections.every((socket) => socket.closed))
})

test('certificates are verified, whatever the environment says', async () => {
  const receiver = await keep(tlsReceiver((_, response) => response.end('secret')))
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  expect(await post(receiver)).toMatchObject({
    kind: 'failed',
    reason: 'tls',
    sentence: expect.stringMatching(/^No trusted TLS connection to 127\.0\.0\.1:\d+: .*self-signed/),
  })
  vi.unstubAllEnvs()
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, certificate])
  try {
    expect(await post(receiver)).toMatchObject({ kind: 'answered', body: Buffer.from('secret') })
    const elsewhere = make({ resolver: { resolve: async () => ['127.0.0.1'] } })
    const url = `https://elsewhere.example:${receiver.port}/`
    expect(await elsewhere.post({ url, headers: {}, body: Buffer.alloc(0) })).toMatchObject({
      reason: 'tls',
      sentence: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    })
  } finally {
    setDefaultCACertificates(before)
  }
})

test('https to a port that speaks plain HTTP is told as a TLS failure', async () => {
  const receiver = await keep(httpReceiver((_, response) => response.end()))
  expect(await post({ url: receiver.url.replace('http:', 'https:') })).toMatchObject({ reason: 'tls' })
})
