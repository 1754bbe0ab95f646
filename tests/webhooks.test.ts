/** Two servers on one database share webhooks, and either may die: nothing is lost, order holds, hardly anything comes twice. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type Receiver,
  type Reply,
  startReceiver,
} from '../packages/server/src/features/webhooks/testing/receiver.ts'
import { Ledger } from './support/ledger.ts'
import { createShared, type Shared } from './support/nodes.ts'
import { call, createKey, startServer, type TestServer } from './support/server.ts'

let shared: Shared
let servers: TestServer[]
let key: string
let receivers: { receiver: Receiver; ledger: Ledger }[]

beforeEach(async () => {
  shared = await createShared({
    AGENTCLARA_DATABASE_POOL_SIZE: '8',
    AGENTCLARA_MAX_EVENT_LOOP_DELAY_MS: '0',
    WEBHOOK_RETRY_SECONDS: '1,1,1,1,1,1,1,1',
  })
  servers = await Promise.all([startServer(shared.env), startServer(shared.env)])
  key = await createKey(shared.env, 'enterprise')
  receivers = []
})
afterEach(async () => {
  for (const { child } of servers) child.kill('SIGCONT')
  await Promise.all(servers.map((server) => server.stop()))
  await Promise.all(receivers.map(({ receiver }) => receiver.stop()))
  await shared.remove()
})

const at = (index: number): TestServer => {
  const server = servers[index]
  if (server === undefined) throw new Error(`no server ${index}`)
  return server
}

/** A webhook whose receiver keeps a ledger of what it accepted. */
async function addReceiver(reply: (count: number) => Reply = () => ({ status: 200 })): Promise<Ledger> {
  const ledger = new Ledger()
  const receiver = await startReceiver(({ event }, count) => {
    const answered = event.type === 'webhook.test' ? { status: 200 } : reply(count)
    if (event.type !== 'webhook.test') ledger.note(event, answered.status < 300 && answered.isCut !== true)
    return answered
  })
  receivers.push({ receiver, ledger })
  const { status } = await call(at(0).url, key, 'POST /webhooks', {
    url: receiver.url,
    events: ['message.sent'],
  })
  expect(status).toBe(201)
  return ledger
}

async function startConversations(count: number): Promise<string[]> {
  const made = await Promise.all(
    Array.from({ length: count }, () => call(at(0).url, key, 'POST /conversations', { channel: 'web' })),
  )
  return made.map(({ body }) => String(body.data.id))
}

/** Messages `from` to `to`, through a server of one's choice, each tried until it is taken, once. */
async function write(
  conversations: readonly string[],
  [from, to]: [number, number],
  urlOf: () => string,
  onWritten: (count: number) => void = () => {},
): Promise<void> {
  let next = from
  const work = async (): Promise<void> => {
    while (next < to) {
      const number = next++
      while (!(await post(urlOf(), conversations[number % conversations.length] ?? '', number)));
      onWritten(number)
    }
  }
  await Promise.all(Array.from({ length: 6 }, work))
}

async function post(url: string, conversation: string, number: number): Promise<boolean> {
  const response = await fetch(`${url}/v1/conversations/${conversation}/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': `message-${number}`,
    },
    body: JSON.stringify({ content: `message ${number}` }),
  }).catch(() => undefined)
  return response?.status === 201
}

function expectOrdered(): void {
  for (const { ledger } of receivers) expect(ledger.outOfOrder).toEqual([])
}

test('a server is killed while both deliver: the other takes over, and every event comes, in order, hardly ever twice', async () => {
  const ledgers = [
    await addReceiver(),
    await addReceiver((count) => ({ status: count % 40 < 5 ? 500 : 200 })),
    await addReceiver((count) => (count % 60 < 4 ? { status: 200, isCut: true } : { status: 200 })),
  ]
  const conversations = await startConversations(40)
  await write(
    conversations,
    [0, 600],
    () => at(0).url,
    (number) => {
      if (number === 300) at(1).child.kill('SIGKILL')
    },
  )
  await at(1).ended
  for (const ledger of ledgers) {
    await expect.poll(() => ledger.distinct, { timeout: 40_000 }).toBe(600)
    expect(ledger.contents.size).toBe(600)
    // What was under way when it died, and what wasn't written of it yet.
    expect(ledger.duplicates).toBeLessThanOrEqual(40)
  }
  expectOrdered()
}, 90_000)

test('a server that stood still while another took over sends nothing it no longer owns, and writes nothing', async () => {
  const ledgers = [await addReceiver(), await addReceiver(), await addReceiver()]
  const conversations = await startConversations(20)
  await write(conversations, [0, 60], () => at(0).url)
  for (const ledger of ledgers) await expect.poll(() => ledger.distinct, { timeout: 10_000 }).toBe(60)
  at(1).child.kill('SIGSTOP')
  await write(conversations, [60, 200], () => at(0).url)
  for (const ledger of ledgers) await expect.poll(() => ledger.distinct, { timeout: 20_000 }).toBe(200)
  at(1).child.kill('SIGCONT')
  await write(conversations, [200, 300], () => at(0).url)
  for (const ledger of ledgers) {
    await expect.poll(() => ledger.distinct, { timeout: 20_000 }).toBe(300)
    expect(ledger.duplicates).toBeLessThanOrEqual(16)
  }
  expectOrdered()
}, 90_000)

test('a server that is told to stop hands over at once, and nothing comes twice', async () => {
  const ledgers = [await addReceiver(() => ({ status: 200, afterMs: 20 })), await addReceiver()]
  const conversations = await startConversations(20)
  let stopped: Promise<unknown> = Promise.resolve()
  await write(
    conversations,
    [0, 200],
    () => at(0).url,
    (number) => {
      if (number === 100) stopped = at(1).stop()
    },
  )
  await stopped
  for (const ledger of ledgers) {
    await expect.poll(() => ledger.distinct, { timeout: 20_000 }).toBe(200)
    expect(ledger.duplicates).toBe(0)
  }
  expectOrdered()
}, 60_000)
