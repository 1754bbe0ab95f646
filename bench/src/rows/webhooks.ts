/** Webhooks: how many a second, how soon, and what they cost whoever writes or shares the server with a dead receiver. */
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import { inTurn } from '../in-turn.ts'
import { createKeys } from '../keys.ts'
import { CONNECTIONS, measurePost, ROUNDS, SECONDS } from '../load.ts'
import type { Figures, Row } from '../row.ts'
import type { RunningServer } from '../server.ts'
import {
  ask,
  createWebhook,
  deleteWebhook,
  insertEvents,
  pace,
  percentile,
  type Receiver,
  startConversation,
  startReceiver,
} from '../webhooks.ts'

const CONTENT =
  'A message of a length that people write: about a hundred characters, give or take a few of them.'
const IN_FLIGHT = 16
const EVENTS = 10_000
const QUEUED = 100_000
const PER_SECOND = 100
const LATENCY_SECONDS = 20

export const webhookRows: Row[] = [
  {
    name: 'webhooks/deliveries',
    what: 'deliveries to one local receiver, from the log',
    against: 'undici posting the same bytes with the same concurrency, 16',
    unit: '/s',
    goal: { atLeast: 0.6 },
    measure: (server) => withReceiver((receiver) => measureDeliveries(server, receiver)),
  },
  {
    name: 'webhooks/latency',
    what: 'event to receiver at 100 a second, p99',
    against: 'the POST that makes the event, from call to answer, p99',
    unit: ' ms',
    goal: { oursUnder: 50 },
    measure: (server) =>
      withReceiver(async (receiver) => {
        const { latenciesMs, answersMs } = await measureLatencies(server, receiver)
        console.log(`  p50 ${percentile(latenciesMs, 0.5).toFixed(1)} ms`)
        return { ours: percentile(latenciesMs, 0.99), yardstick: percentile(answersMs, 0.99) }
      }),
  },
  {
    name: 'webhooks/writes',
    what: 'POST of a message with 5 webhooks that are told of it',
    against: 'the same without webhooks',
    unit: '/s',
    goal: { atLeast: 0.85 },
    measure: (server) => withReceiver((receiver) => measureWrites(server, receiver)),
  },
  {
    name: 'webhooks/isolation-refusing',
    what: 'event to receiver, p99, beside a receiver that refuses, with 100,000 events queued',
    against: 'the same without the other receiver',
    unit: ' ms',
    goal: { atMost: 1.2 },
    // Nothing listens at this port.
    measure: (server) => withReceiver((receiver) => measureBeside(server, receiver, 'http://127.0.0.1:1/')),
  },
  {
    name: 'webhooks/isolation-hanging',
    what: 'event to receiver, p99, beside a receiver that never answers, with 100,000 events queued',
    against: 'the same without the other receiver',
    unit: ' ms',
    goal: { atMost: 1.2 },
    measure: (server) =>
      withReceiver((receiver) => withReceiver((dead) => measureBeside(server, receiver, `${dead.url}/hang`))),
  },
]

async function withReceiver<T>(work: (receiver: Receiver) => Promise<T>): Promise<T> {
  const receiver = await startReceiver()
  try {
    return await work(receiver)
  } finally {
    await receiver.stop()
  }
}

async function measureDeliveries(server: RunningServer, receiver: Receiver): Promise<Figures> {
  const id = await createWebhook(server, receiver.url)
  const ours = async (): Promise<number> => {
    await ask(server, `POST /webhooks/${id}/pause`)
    await insertEvents(server.connectionString, id, EVENTS, CONTENT)
    await receiver.reset()
    await ask(server, `POST /webhooks/${id}/resume`)
    await came(receiver, EVENTS)
    const { firstMs, lastMs } = await receiver.stats()
    return ((EVENTS - 1) * 1000) / (lastMs - firstMs)
  }
  await ours() // warms up, and shows what is sent
  const { headers, body } = await receiver.stats()
  return inTurn(3, ours, () => postAll(receiver.url, headers, body))
}

async function postAll(url: string, headers: Record<string, string>, body: string): Promise<number> {
  const pool = new Pool(url, { connections: IN_FLIGHT, pipelining: 1 })
  const { host: _, 'content-length': __, connection: ___, ...sent } = headers
  let left = EVENTS
  const startedMs = performance.now()
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await pool.request({ method: 'POST', path: '/', headers: sent, body })
      await answer.body.dump()
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  const perSecond = (EVENTS * 1000) / (performance.now() - startedMs)
  await pool.close()
  return perSecond
}

/** From each event's time, which is before its commit, to its arrival; and of the requests that made them. */
async function measureLatencies(
  server: RunningServer,
  receiver: Receiver,
): Promise<{ latenciesMs: number[]; answersMs: number[] }> {
  const id = await createWebhook(server, receiver.url)
  const paths = await Promise.all(Array.from({ length: CONNECTIONS }, () => startConversation(server)))
  let count = 0
  const answersMs: number[] = []
  const post = async (): Promise<void> => {
    const startedMs = performance.now()
    await ask(server, `POST ${paths[count++ % paths.length]}`, { content: CONTENT })
    answersMs.push(performance.now() - startedMs)
  }
  await pace(PER_SECOND, 2, post) // warms up
  await came(receiver, PER_SECOND * 2)
  await receiver.reset()
  await pace(PER_SECOND, LATENCY_SECONDS, post)
  await came(receiver, PER_SECOND * LATENCY_SECONDS)
  const { latenciesMs } = await receiver.stats()
  await deleteWebhook(server, id)
  await receiver.reset()
  return { latenciesMs, answersMs: answersMs.slice(PER_SECOND * 2) }
}

async function measureWrites(server: RunningServer, receiver: Receiver): Promise<Figures> {
  const paths = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => `/v1${await startConversation(server)}`),
  )
  const { url } = server
  // One for each time: more than a key may write in a minute is written in all of them.
  const keys = await createKeys(url, server.key, 2 * ROUNDS + 1)
  const body = JSON.stringify({ content: CONTENT })
  const write = (): Promise<number> =>
    measurePost({ url, connections: CONNECTIONS, seconds: SECONDS, key: keys.pop() ?? '', paths, body })
  const writeBesideWebhooks = async (): Promise<number> => {
    const ids: string[] = []
    for (let index = 0; index < 5; index++) ids.push(await createWebhook(server, `${receiver.url}/${index}`))
    const figure = await write()
    // What still waits goes with them.
    for (const id of ids) await deleteWebhook(server, id)
    await delay(500)
    return figure
  }
  await write() // warms up
  return inTurn(ROUNDS, writeBesideWebhooks, write)
}

async function measureBeside(server: RunningServer, receiver: Receiver, deadUrl: string): Promise<Figures> {
  const p99 = async (): Promise<number> =>
    percentile((await measureLatencies(server, receiver)).latenciesMs, 0.99)
  const beside = async (): Promise<number> => {
    const dead = await createWebhook(server, deadUrl)
    await ask(server, `POST /webhooks/${dead}/pause`)
    await insertEvents(server.connectionString, dead, QUEUED, CONTENT)
    await ask(server, `POST /webhooks/${dead}/resume`)
    const figure = await p99()
    await deleteWebhook(server, dead)
    return figure
  }
  return inTurn(3, beside, p99)
}

async function came(receiver: Receiver, count: number): Promise<void> {
  const giveUpMs = performance.now() + 120_000
  for (;;) {
    const stats = await receiver.stats()
    if (stats.count >= count) return
    if (performance.now() > giveUpMs) throw new Error(`${stats.count} of ${count} deliveries came`)
    await delay(200)
  }
}
