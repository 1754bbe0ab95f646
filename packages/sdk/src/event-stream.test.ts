/** The stream of events beside a server that cuts it, refuses it and sends it in pieces. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PermissionError } from './errors.ts'
import { type Behaviour, cut, each, failure, Peer } from './testing/peer.ts'

let peer: Peer

beforeAll(async () => {
  peer = await Peer.start()
})
afterAll(() => peer.stop())

function block(sequence: number): string {
  return `id: ${sequence}\ndata: ${JSON.stringify({ id: `evt_${sequence}`, sequence })}\n\n`
}

/** Sends this much, then ends or stays. */
function send(text: string, isLeftOpen = false): Behaviour {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(text)
    if (!isLeftOpen) response.end()
  }
}

/** The sequences until there are this many. */
async function follow(count: number, options = {}): Promise<number[]> {
  const seen: number[] = []
  for await (const { sequence } of peer.client().events.stream(options)) {
    seen.push(sequence)
    if (seen.length === count) break
  }
  return seen
}

test('through breaks each event comes once, in order, and what was cut off comes again', async () => {
  peer.begin(
    each(
      send(`: hello\n\nid: 4\n\n${block(5)}${block(6)}${block(7).slice(0, -2)}`),
      cut,
      failure(503, 'unavailable', { 'retry-after': '0' }),
      send(`${block(7)}${block(8)}`, true),
    ),
  )
  const reasons: string[] = []
  let connections = 0
  const seen = await follow(4, {
    types: ['message.received', 'message.sent'],
    conversation_id: 'conv_1',
    onBroken: (reason: string) => reasons.push(reason),
    onConnected: () => (connections += 1),
  })
  expect(seen).toEqual([5, 6, 7, 8])
  expect(peer.received.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '6', '6', '6'])
  expect(peer.received[3]).toMatchObject({
    path: '/v1/events/stream?types=message.received%2Cmessage.sent&conversation_id=conv_1',
    headers: { accept: 'text/event-stream', authorization: 'Bearer sk_test_peer' },
  })
  expect(reasons).toHaveLength(3)
  expect(reasons[2]).toBe('It is unavailable.')
  expect(connections).toBe(2)
})

test('an id without an event is remembered, too', async () => {
  peer.begin(each(send('id: 41\n\n'), send(block(42), true)))
  expect(await follow(1, { last_event_id: 40 })).toEqual([42])
  expect(peer.received.map(({ headers }) => headers['last-event-id'])).toEqual(['40', '41'])
})

test('what the server refuses for good is thrown', async () => {
  peer.begin(failure(403, 'insufficient_permissions'))
  await expect(follow(1)).rejects.toBeInstanceOf(PermissionError)
  expect(peer.received).toHaveLength(1)
})

test('it ends without an error when its signal is aborted, and closes the connection', async () => {
  let closed = false
  peer.begin((response, request, count) => {
    response.on('close', () => {
      closed = true
    })
    return send(block(1), true)(response, request, count)
  })
  const stop = new AbortController()
  const seen: number[] = []
  for await (const { sequence } of peer.client().events.stream({ signal: stop.signal })) {
    seen.push(sequence)
    setTimeout(() => stop.abort(), 20)
  }
  expect(seen).toEqual([1])
  await expect.poll(() => closed, { timeout: 10_000 }).toBe(true)
  closed = false
  expect(await follow(1)).toEqual([1])
  await expect.poll(() => closed, { timeout: 10_000 }).toBe(true)
})
