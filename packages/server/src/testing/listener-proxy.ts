/** A TCP proxy before PostgreSQL that can swallow what a server's listener says and hears, and nothing else. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface ListenerProxy {
  /** The connection string of the database behind, through the proxy. */
  url: string
  /** From now on the listener's connections stay open and carry nothing, as when a network drops packets. */
  cut(): void
  close(): Promise<void>
}

export async function startListenerProxy(databaseUrl: string): Promise<ListenerProxy> {
  const { hostname, port } = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let isListener = false
    client.on('data', (chunk) => {
      isListener ||= chunk.includes('agentclara listener')
      if (!(isListener && isCut)) upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (!(isListener && isCut)) client.write(chunk)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return {
    url: url.href,
    cut() {
      isCut = true
    },
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
