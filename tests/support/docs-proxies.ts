/** What stands between guides and the network in tests: one port for receivers in several languages, and a server that is busy. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

export interface Proxy {
  url: string
  port: number
  close(): Promise<void>
}

async function listen(handle: RequestListener, port = 0): Promise<Proxy> {
  const server: Server = createServer(handle)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
  // A server that listens on TCP has such an address.
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** As the client sent them, without those of the connection. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const own = ['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'accept-encoding']
  const entries = Object.entries(request.headers).filter(([name]) => !own.includes(name))
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/** Sends each request on to every port that receivers have now, byte for byte, and answers with the worst of their statuses. */
export function startFanOut(port: number, portsNow: () => readonly number[]): Promise<Proxy> {
  return listen((request, response) => {
    void (async () => {
      const body = await bodyOf(request)
      const ports = portsNow()
      const statuses = await Promise.all(
        ports.map((to) =>
          fetch(`http://127.0.0.1:${to}${request.url}`, {
            method: request.method ?? 'GET',
            headers: headersOf(request),
            ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
          }).then(
            ({ status }) => status,
            () => 502,
          ),
        ),
      )
      response.writeHead(ports.length === 0 ? 503 : Math.max(...statuses)).end()
    })()
  }, port)
}

/** Refuses the first two requests of each client (503, then 429 with Retry-After), and sends all others on to `target`. */
export function startBusyServer(target: string): Promise<Proxy> {
  let asked = 0
  return listen((request, response) => {
    void (async () => {
      const body = await bodyOf(request)
      asked += 1
      if (asked <= 2) {
        const status = asked === 1 ? 503 : 429
        response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' })
        return response.end(
          JSON.stringify({ success: false, error: 'Too Many Requests', code: 'rate_limited' }),
        )
      }
      const answer = await fetch(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers: headersOf(request),
        ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
      })
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
      })
      return response.end(Buffer.from(await answer.arrayBuffer()))
    })().catch(() => response.destroy())
  })
}

export async function freePort(): Promise<number> {
  const proxy = await listen(() => {})
  await proxy.close()
  return proxy.port
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
