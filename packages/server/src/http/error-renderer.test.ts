/** Connections that are answered before there is a request: their clients can read why, and can't stay. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { answerClientError } from './error-renderer.ts'

test('a client that is answered 408 and doesn’t hang up is cut a second later', async () => {
  const accepted: Socket[] = []
  // Like Node's HTTP server, it leaves its half of a connection open until it has answered.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket.on('error', () => undefined))
    const error = Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    answerClientError({ base: 'http://localhost:4000' })(error, socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined)
  let text = ''
  client.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(client, 'end')
  expect(text).toMatch(/^HTTP\/1\.1 408 /)
  expect(text).toContain('took too long to arrive')
  expect(accepted[0]?.destroyed).toBe(false)
  await vi.waitUntil(() => accepted[0]?.destroyed, { timeout: 3_000 })
  client.destroy()
  server.close()
})
