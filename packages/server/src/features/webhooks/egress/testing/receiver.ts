/** Receivers of webhooks that behave, or don't, as a test says: real servers on this machine. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import { certificate, privateKey } from './certificate.ts'

export interface Receiver {
  port: number
  url: string
  /** Connections that were made to it. */
  connections: Socket[]
  stop(): Promise<void>
}

export async function httpReceiver(listener: RequestListener): Promise<Receiver> {
  return listen(createServer({ keepAliveTimeout: 60_000 }, listener))
}

export async function tlsReceiver(listener: RequestListener): Promise<Receiver> {
  const receiver = await listen(createTlsServer({ cert: certificate, key: privateKey }, listener))
  return { ...receiver, url: receiver.url.replace('http:', 'https:') }
}

/** Gets the socket of each connection, and speaks whatever it likes. */
export async function tcpReceiver(listener: (socket: Socket) => void): Promise<Receiver> {
  return listen(createTcpServer(listener))
}

async function listen(server: TcpServer): Promise<Receiver> {
  const connections: Socket[] = []
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined)
    connections.push(socket)
  })
  // All of 127.0.0.0/8: what would come at another of its addresses is seen.
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    port,
    url: `http://127.0.0.1:${port}/hook?a=b`,
    connections,
    async stop() {
      for (const socket of connections) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
