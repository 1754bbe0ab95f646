/** A real HTTP server that does what a test tells it to, and remembers what it was sent. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AgentClara } from '../client.ts'
import type { ClientOptions } from '../settings.ts'

export interface Received {
  method: string
  /** With its query. */
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** `count` is 1 for the first request. */
export type Behaviour = (response: ServerResponse, request: Received, count: number) => void | Promise<void>

export class Peer {
  readonly received: Received[] = []
  behave: Behaviour = ok({})
  readonly #http = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body }
    this.received.push(one)
    await this.behave(response, one, this.received.length)
  })

  static async start(): Promise<Peer> {
    const peer = new Peer()
    peer.#http.listen(0, '127.0.0.1')
    await once(peer.#http, 'listening')
    return peer
  }

  /** Forgets what it was sent. */
  begin(behave: Behaviour): void {
    this.received.length = 0
    this.behave = behave
  }

  get baseUrl(): string {
    // It listens on TCP.
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/v1`
  }

  client(options: ClientOptions = {}): AgentClara {
    return new AgentClara({ apiKey: 'sk_test_peer', baseUrl: this.baseUrl, ...options })
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
}

export function ok(data: unknown): Behaviour {
  return json(200, { success: true, data })
}

/** As the API fails. */
export function failure(status: number, code: string, headers: Record<string, string> = {}): Behaviour {
  const said = {
    error: `It is ${code}.`,
    code,
    hint: 'Do otherwise.',
    doc_url: `http://x/docs/errors/${code}`,
  }
  return json(status, { success: false, ...said, request_id: 'req_1' }, headers)
}

/** The first one for the first request, and so on; the last for all that follow. */
export function each(...behaviours: Behaviour[]): Behaviour {
  return (response, request, count) =>
    behaviours[Math.min(count, behaviours.length) - 1]?.(response, request, count)
}

/** The connection ends without an answer. */
export const cut: Behaviour = (response) => void response.destroy()

/** Never answers. */
export const hang: Behaviour = () => undefined
