/** The limit of connections, on real sockets: who makes room, who is refused, and that a refusal can be read. */
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Connections, partyOf } from './connections.ts'

const MAX = 4
const REFUSAL =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

let server: Server
let connections: Connections
let handled: string[]
let held: ServerResponse[]
const clients: Socket[] = []

beforeEach(async () => {
  handled = []
  held = []
  server = createServer((request, response) => {
    handled.push(request.url ?? '')
    if (request.url === '/hold') held.push(response)
    else response.end('ok')
  })
  connections = new Connections(server, { max: MAX, refusal: () => REFUSAL })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  server.closeAllConnections()
  connections.closeUnused()
  server.close()
  await once(server, 'close')
})

async function open(localAddress = '127.0.0.1'): Promise<Socket> {
  const { port } = server.address() as AddressInfo // it listens on TCP
  const client = connect({ port, host: '127.0.0.1', localAddress })
  client.on('error', () => undefined)
  clients.push(client)
  const before = connections.open + connections.refused + connections.evicted
  await once(client, 'connect')
  await vi.waitUntil(() => connections.open + connections.refused + connections.evicted > before)
  return client
}

const send = (client: Socket, path: string): boolean =>
  client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)

async function ask(client: Socket): Promise<void> {
  send(client, '/')
  await once(client, 'data')
}

/** Opens a connection and keeps it busy. */
async function hold(): Promise<Socket> {
  const client = await open()
  const before = held.length
  send(client, '/hold')
  await vi.waitUntil(() => held.length > before)
  return client
}

const isGone = (client: Socket): Promise<void> =>
  vi.waitUntil(() => client.closed || client.readableEnded).then(() => undefined)

function drain(client: Socket): Socket {
  return client.resume()
}

test('at the limit the connection that has waited longest since its last answer makes room', async () => {
  const [first, second, third, fourth] = [await open(), await open(), await open(), await open()]
  for (const client of [first, second, third, fourth]) drain(client)
  await ask(first)
  const fifth = drain(await open())
  await isGone(second)
  await ask(fifth)
  await ask(first)
  await ask(third)
  expect(connections).toMatchObject({ open: MAX, evicted: 1, refused: 0 })
})

test('a client that is slow to send its headers makes room like an idle one', async () => {
  const slow = drain(await open())
  slow.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  for (let index = 1; index < MAX; index++) await hold()
  await ask(await open())
  await isGone(slow)
  expect(connections).toMatchObject({ open: MAX, evicted: 1, refused: 0 })
})

test('a connection with a request under way is never closed for another, however long it takes', async () => {
  const busy: Socket[] = []
  for (let index = 1; index < MAX; index++) busy.push(await hold())
  for (let index = 0; index < 20; index++) await ask(await open())
  expect(connections).toMatchObject({ open: MAX, evicted: 19, refused: 0 })
  for (const response of held) response.end('done')
  for (const client of busy) expect(String((await once(client, 'data'))[0])).toContain('done')
})

test('when all are busy a new one reads the whole refusal, though it sent a request, and its request is not handled', async () => {
  for (let index = 0; index < MAX; index++) await hold()
  const refused = await open()
  send(refused, '/late')
  expect(await text(refused)).toBe(REFUSAL)
  expect(connections).toMatchObject({ open: MAX, evicted: 0, refused: 1 })
  expect(handled).not.toContain('/late')
})

test('many that are refused at once read why, and leave no connection behind', async () => {
  for (let index = 0; index < MAX; index++) await hold()
  const refused = await Promise.all(Array.from({ length: 300 }, () => open()))
  const answers = await Promise.all(refused.map((client) => text(client)))
  expect(answers.filter((answer) => answer === REFUSAL)).toHaveLength(300)
  expect(connections).toMatchObject({ open: MAX, refused: 300 })
  for (const client of refused) client.destroy()
  const count = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_error, number) => resolve(number)))
  await vi.waitUntil(async () => (await count()) === MAX)
})

test('a refused client that goes on sending is cut', async () => {
  for (let index = 0; index < MAX; index++) await hold()
  const refused = drain(await open())
  const trickle = setInterval(() => refused.write('x'), 50)
  await vi.waitUntil(() => refused.closed, { timeout: 5_000 })
  clearInterval(trickle)
})

test('a connection that was answered waits again, also when requests were sent ahead', async () => {
  const client = drain(await open())
  client.write('GET /hold HTTP/1.1\r\nHost: x\r\n\r\nGET /hold HTTP/1.1\r\nHost: x\r\n\r\n')
  await vi.waitUntil(() => held.length === 2)
  for (let index = 1; index < MAX; index++) await hold()
  held[0]?.end()
  await vi.waitUntil(() => connections.requestsByStatus.get('2xx') === 1)
  expect(await text(await open())).toBe(REFUSAL)
  held[1]?.end()
  await vi.waitUntil(() => connections.requestsByStatus.get('2xx') === 2)
  await ask(await open())
  expect(connections).toMatchObject({ open: MAX, evicted: 1, refused: 1 })
})

test('a place is free again when its client leaves, in the middle of a request or before one', async () => {
  const clients = [await hold(), await hold(), await open(), await open()]
  for (const client of clients) client.destroy()
  await vi.waitUntil(() => connections.open === 0)
  for (let index = 0; index < MAX; index++) await ask(await open())
  expect(connections).toMatchObject({ open: MAX, evicted: 0, refused: 0 })
})

test('requests are counted by the class of their status, and those that nobody waited for apart', async () => {
  const client = drain(await open())
  await ask(client)
  await ask(client)
  const leaving = await hold()
  leaving.destroy()
  await vi.waitUntil(() => connections.requestsByStatus.get('none') === 1)
  expect(connections.requestsByStatus.get('2xx')).toBe(2)
})

test('one group of addresses never has more than its share, and others find their places', async () => {
  const limited = createServer((_request, response) => void held.push(response))
  const main = { server, connections }
  server = limited
  connections = new Connections(limited, {
    max: MAX,
    refusal: () => REFUSAL,
    maxPerGroup: 2,
    groupOf: (address) => address,
  })
  limited.listen(0, '127.0.0.1')
  await once(limited, 'listening')
  const first = drain(await open())
  const second = drain(await open())
  expect(await text(await open())).toBe(REFUSAL)
  const other = drain(await open('127.0.0.2'))
  expect(connections).toMatchObject({ open: 3, evicted: 0, refused: 1 })
  first.destroy()
  await vi.waitUntil(() => connections.open === 2)
  const third = drain(await open())
  expect(connections).toMatchObject({ open: 3, evicted: 0, refused: 1 })
  for (const client of [second, third, other]) client.destroy()
  await vi.waitUntil(() => connections.open === 0)
  limited.close()
  server = main.server
  connections = main.connections
})

test('places are counted by the network of a client, and not at all where a proxy may be', () => {
  expect(partyOf('::ffff:203.0.113.7')).toBe(partyOf('203.0.113.7'))
  expect(partyOf('2001:db8::1')).toBe(partyOf('2001:db8::2'))
  expect(partyOf('2001:db8:0:1::1')).not.toBe(partyOf('2001:db8::1'))
  for (const near of [
    '127.0.0.1',
    '::1',
    '::ffff:10.1.2.3',
    '172.17.0.1',
    '192.168.0.1',
    'fd00::1',
    'fe80::1',
  ])
    expect(partyOf(near)).toBeUndefined()
})

test('closing ends those that never sent anything', async () => {
  const silent = drain(await open())
  const asked = drain(await open())
  await ask(asked)
  connections.closeUnused()
  await isGone(silent)
  await ask(asked)
})
