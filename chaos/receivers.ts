/** Five receivers as they are met: one that works, and four that fail in their own ways for a while, again and again. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { Ledger, type ToldEvent } from '../tests/support/ledger.ts'

/** How a request is answered. `afterMs`: before that. `cut`: the connection is closed instead. */
export type Reply = { status: number; headers?: Record<string, string>; afterMs?: number } | 'cut'

export interface Behaviour {
  name: string
  /** `atMs` counts from the receiver's start. */
  reply(atMs: number): Reply
  /** When nothing listens at its port. */
  isRefusing?(atMs: number): boolean
}

const OK: Reply = { status: 200 }

/** True for the last `badMs` of each `everyMs`. */
const during = (atMs: number, everyMs: number, badMs: number): boolean => atMs % everyMs > everyMs - badMs

export const behaviours: readonly Behaviour[] = [
  { name: 'works', reply: () => OK },
  { name: 'answers 500', reply: (atMs) => (during(atMs, 25_000, 8_000) ? { status: 500 } : OK) },
  {
    name: 'answers 429',
    reply: (atMs) => (during(atMs, 12_000, 3_000) ? { status: 429, headers: { 'retry-after': '2' } } : OK),
  },
  {
    name: 'times out',
    // Longer than the 15 s that it is given; for a while before that it only takes its time.
    reply: (atMs) => {
      if (during(atMs, 60_000, 8_000)) return { status: 200, afterMs: 20_000 }
      return during(atMs, 60_000, 20_000) ? { status: 200, afterMs: 250 } : OK
    },
  },
  {
    name: 'flaps',
    reply: (atMs) => (during(atMs, 9_000, 2_500) ? 'cut' : OK),
    isRefusing: (atMs) => during(atMs, 21_000, 4_000),
  },
]

const TIMEOUT_MS = 15_000
/** Every so many of what comes is verified as a receiver would, by the library of Standard Webhooks. */
const VERIFIED_EVERY = 10

export interface Receiver {
  name: string
  url: string
  ledger: Ledger
  /** Any of them signs. */
  secrets: string[]
  verified: number
  /** That no secret verified. */
  forged: number
  /** From now on it answers everything with 200. */
  recover(): void
  stop(): Promise<void>
}

export async function startReceiver(behaviour: Behaviour): Promise<Receiver> {
  const startedMs = performance.now()
  let isWell = false
  let count = 0
  const receiver: Receiver = {
    name: behaviour.name,
    url: '',
    ledger: new Ledger(),
    secrets: [],
    verified: 0,
    forged: 0,
    recover: () => {
      isWell = true
      listen()
    },
    async stop() {
      clearInterval(flapping)
      server.closeAllConnections()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
  const server = createServer(async (request, response) => {
    const body = await read(request)
    const event = JSON.parse(body) as ToldEvent & { type: string } // what it was sent, as the API describes it
    if (event.type === 'webhook.test') return void response.end()
    count += 1
    if (count % VERIFIED_EVERY === 0) verify(receiver, body, request)
    const reply = isWell ? OK : behaviour.reply(performance.now() - startedMs)
    const isInTime = reply !== 'cut' && (reply.afterMs ?? 0) < TIMEOUT_MS
    receiver.ledger.note(event, isInTime && reply.status < 300)
    answer(response, reply)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  receiver.url = `http://127.0.0.1:${port}/hook`
  const listen = (): void => {
    if (!server.listening) server.listen(port, '127.0.0.1')
  }
  const flapping = setInterval(() => {
    const isRefusing = !isWell && behaviour.isRefusing?.(performance.now() - startedMs) === true
    if (!isRefusing) return listen()
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
  }, 250)
  return receiver
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function verify(receiver: Receiver, body: string, { headers }: IncomingMessage): void {
  // Node knows of headers that come several times; these come once.
  const sent = headers as Record<string, string>
  const isGenuine = receiver.secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, sent)
      return true
    } catch {
      return false
    }
  })
  receiver.verified += 1
  if (!isGenuine) receiver.forged += 1
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === 'cut') return void response.destroy()
  const send = (): void => void response.writeHead(reply.status, reply.headers).end()
  if (reply.afterMs === undefined) send()
  else setTimeout(send, reply.afterMs)
}
