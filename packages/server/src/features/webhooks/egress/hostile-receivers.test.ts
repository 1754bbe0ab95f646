/** Receivers that are slow, endless, broken or hostile: what is told about each, and that they cost a bounded amount. */
import type { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Outcome } from './outcome.ts'
import { EgressPolicy } from './policy.ts'
import { type WebhookRequest, WebhookSender } from './sender.ts'
import { httpReceiver, type Receiver, tcpReceiver } from './testing/receiver.ts'

const policy = new EgressPolicy({ allow: ['127.0.0.0/8'], isDefaultLoopback: true, ports: [80, 443] })
const KIB = 1024
let sender: WebhookSender
let receivers: Receiver[]

beforeEach(() => {
  receivers = []
  sender = new WebhookSender({ policy })
})
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.stop()))
  await sender.close()
})

async function keep(receiver: Promise<Receiver>): Promise<Receiver> {
  const started = await receiver
  receivers.push(started)
  return started
}

const post = ({ url }: { url: string }, more: Partial<WebhookRequest> = {}): Promise<Outcome> =>
  sender.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000, ...more })

test('an answer without end is read up to 16 KiB and no further', async () => {
  let wroteBytes = 0
  const chunk = Buffer.alloc(64 * KIB, 'x')
  const receiver = await keep(
    httpReceiver((_, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(chunk)) wroteBytes += chunk.length
        wroteBytes += chunk.length
      }
      response.on('drain', write)
      write()
    }),
  )
  const outcome = await post(receiver)
  expect(outcome).toMatchObject({ kind: 'answered', isCut: true, body: Buffer.alloc(16 * KIB, 'x') })
  await vi.waitUntil(() => receiver.connections.every((socket) => socket.closed))
  // What the two kernels take before anybody reads.
  expect(wroteBytes).toBeLessThan(16 * KIB * KIB)
  expect(outcome).toHaveProperty(
    'bodyBytes',
    expect.toSatisfy((bytes: number) => bytes <= 80 * KIB),
  )
})

test('a receiver that doesn’t answer, or not to the end, is given up at the limit, and its connection closed', async () => {
  const silent = await keep(httpReceiver(() => undefined))
  expect(await post(silent, { timeoutMs: 100 })).toMatchObject({
    kind: 'failed',
    reason: 'timeout',
    sentence: `127.0.0.1:${silent.port} didn’t answer within 0.1 s.`,
  })
  const endless = await keep(httpReceiver((_, response) => response.writeHead(202).write('x')))
  expect(await post(endless, { timeoutMs: 200 })).toMatchObject({
    kind: 'failed',
    reason: 'timeout',
    status: 202,
    sentence: `127.0.0.1:${endless.port} answered 202, but its answer didn’t end within 0.2 s.`,
  })
  const trickling = await keep(
    tcpReceiver((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'), 10)
      socket.on('close', () => clearInterval(timer))
    }),
  )
  const outcome = await post(trickling, { timeoutMs: 200 })
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' })
  expect(outcome.timing.totalMs).toBeGreaterThanOrEqual(199)
  for (const { connections } of [silent, endless, trickling]) {
    await vi.waitUntil(() => connections.every((socket) => socket.closed))
  }
})

const misdeeds: [string, (socket: Socket) => unknown, string][] = [
  ['resets the connection', (socket) => socket.resetAndDestroy(), 'reset'],
  ['closes the connection', (socket) => socket.end(), 'closed'],
  ['ends within the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nx: y'), 'closed'],
  ['ends within the body', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx'), 'closed'],
  [
    'ends within a chunk',
    (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nx'),
    'closed',
  ],
  [
    'resets within the body',
    (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx', () => socket.resetAndDestroy()),
    'reset',
  ],
  ['speaks something else', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'), 'protocol'],
  ['speaks bytes', (socket) => socket.write(Buffer.from([0, 255, 1, 254])), 'protocol'],
  ['speaks HTTP/0.9', (socket) => socket.end('<html>'), 'protocol'],
  [
    'switches protocols',
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    'protocol',
  ],
  ['says 100 unasked', (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 'protocol'],
  [
    'has headers of 17 KiB',
    (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(17 * KIB)}\r\n\r\n`),
    'protocol',
  ],
  [
    'has headers without end',
    (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}`),
    'protocol',
  ],
  [
    'has two lengths',
    (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'),
    'protocol',
  ],
  [
    'has a length and chunks',
    (socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    'protocol',
  ],
]

test.each(misdeeds)('a receiver that %s is a failure that is told', async (_, answer, reason) => {
  const receiver = await keep(tcpReceiver((socket) => socket.once('data', () => answer(socket))))
  const outcome = await post(receiver)
  expect(outcome).toMatchObject({ kind: 'failed', reason, address: '127.0.0.1', isReusedConnection: false })
  expect(outcome).toHaveProperty('sentence', expect.stringContaining(`127.0.0.1:${receiver.port}`))
})

test('an answer before the request was read is an answer', async () => {
  const receiver = await keep(
    tcpReceiver((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n')),
    ),
  )
  expect(await post(receiver, { body: Buffer.alloc(256 * KIB) })).toMatchObject({
    kind: 'answered',
    status: 413,
  })
})

test('headers that can’t be stored as they are arrive without their control characters', async () => {
  const receiver = await keep(
    tcpReceiver((socket) =>
      socket.once('data', () =>
        socket.end(
          Buffer.from(
            'HTTP/1.1 200 OK\r\nx-a: \x85b\xe9\r\n__proto__: c\r\ncontent-length: 0\r\n\r\n',
            'latin1',
          ),
        ),
      ),
    ),
  )
  const outcome = await post(receiver)
  if (outcome.kind !== 'answered') throw new Error(outcome.sentence)
  expect(Object.entries(outcome.headers)).toContainEqual(['x-a', ' bé'])
  expect(Object.entries(outcome.headers)).toContainEqual(['__proto__', 'c'])
})
