/** A receiver of webhooks: a real HTTP server that answers as a test tells it, and remembers what it was sent. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly atMs: number
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads as any receiver would
  readonly event: any
}

export interface Reply {
  status: number
  headers?: Record<string, string>
  body?: string
  /** Before it answers. */
  afterMs?: number
  /** Closes the connection instead. */
  isCut?: boolean
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** `answer` may change at any time; without it everything is answered 200. */
export async function startReceiver(
  answer: (received: Received, count: number) => Reply = () => ({ status: 200 }),
) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const one: Received = {
        atMs: performance.now(),
        path: request.url ?? '',
        headers: request.headers,
        body,
        event: JSON.parse(body),
      }
      received.push(one)
      const reply = receiver.answer(one, received.length)
      const send = (): void => {
        if (reply.isCut === true) response.destroy()
        else response.writeHead(reply.status, reply.headers).end(reply.body ?? '')
      }
      if (reply.afterMs === undefined) send()
      else setTimeout(send, reply.afterMs)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    answer,
    /** Ids of events, in the order they came. */
    ids: () => received.map((one) => String(one.headers['webhook-id'])),
    async stop(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}
