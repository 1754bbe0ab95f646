/** What rows about webhooks share: receivers, webhooks made by the API, and a log with many events. */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Peer, startPeer } from './peer.ts'
import type { Stats } from './peer-receiver.ts'
import type { RunningServer } from './server.ts'

export interface Receiver {
  url: string
  reset(): Promise<void>
  stats(): Promise<Stats>
  stop(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const peer: Peer<{ port: number }> = await startPeer('./peer-receiver.ts')
  const url = `http://127.0.0.1:${peer.said.port}`
  return {
    url,
    reset: async () => void (await fetch(`${url}/reset`, { method: 'POST' })),
    // The two stand side by side.
    stats: async () => (await (await fetch(`${url}/stats`)).json()) as Stats,
    stop: () => peer.stop(),
  }
}

/** Throws what the API said when it isn't 2xx. */
export async function ask<T>({ url, key }: RunningServer, route: string, body?: object): Promise<T> {
  const [method = 'GET', path] = route.split(' ')
  const response = await fetch(`${url}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${route} was answered ${response.status}: ${text}`)
  // Its callers know the API.
  return (text === '' ? undefined : (JSON.parse(text) as { data: T }).data) as T
}

export async function createWebhook(server: RunningServer, url: string): Promise<string> {
  return (await ask<{ id: string }>(server, 'POST /webhooks', { url, events: ['message.sent'] })).id
}

export async function deleteWebhook(server: RunningServer, id: string): Promise<void> {
  await ask(server, `DELETE /webhooks/${id}`)
}

/** The path that its messages are posted to. */
export async function startConversation(server: RunningServer): Promise<string> {
  const { id } = await ask<{ id: string }>(server, 'POST /conversations', { channel: 'web' })
  return `/conversations/${id}/messages`
}

/** Events as messages make them, in 500 conversations, in the environment of a webhook. */
export async function insertEvents(
  connectionString: string,
  webhookId: string,
  count: number,
  content: string,
): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  // Hexadecimal digits are digits of ids, too; a new stretch of them each time.
  const stretch = randomBytes(6).toString('hex')
  await client.query(
    `INSERT INTO events (id, environment_id, type, conversation_id, data, created_at)
     SELECT 'evt_01${stretch}' || lpad(to_hex(n), 12, '0'), environment_id, 'message.sent',
            'conv_01${stretch}' || lpad(to_hex(n % 500), 12, '0'),
            json_build_object('conversation_id', 'conv_01${stretch}' || lpad(to_hex(n % 500), 12, '0'),
              'message_id', 'msg_01${stretch}' || lpad(to_hex(n), 12, '0'), 'sender', 'assistant', 'content', $3::text),
            clock_timestamp()
       FROM generate_series(1, $2::int) n, (SELECT environment_id FROM webhooks WHERE id = $1) w`,
    [webhookId, count, content],
  )
  await client.end()
}

/** Calls `work` so many times a second, without waiting for what is under way; resolves when all of it is over. */
export async function pace(perSecond: number, seconds: number, work: () => Promise<unknown>): Promise<void> {
  const startedMs = performance.now()
  const running: Promise<unknown>[] = []
  for (let number = 0; number < perSecond * seconds; number++) {
    const dueMs = startedMs + (number * 1000) / perSecond
    await delay(Math.max(0, dueMs - performance.now()))
    running.push(work())
  }
  await Promise.all(running)
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
