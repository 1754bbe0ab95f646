/** The embedded PostgreSQL's password is proven, never told: not to whoever took its port. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createClient, createDb, createPool } from './client.ts'

/** Authentication requests of the PostgreSQL protocol: 3 asks for the password in clear, 5 for its MD5. */
const requests = {
  cleartext: Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]),
  md5: Buffer.from([0x52, 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4]),
}

test.each(['cleartext', 'md5'] as const)(
  'an impostor that asks for the password in %s hears nothing',
  async (kind) => {
    const heard: Buffer[] = []
    const server = createServer((socket) => {
      socket.once('data', () => {
        socket.on('data', (chunk) => heard.push(chunk))
        socket.write(requests[kind])
      })
      socket.on('error', () => {})
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const target = {
      host: '127.0.0.1',
      port,
      user: 'agentclara',
      password: 'very-secret',
      database: 'postgres',
    }

    const client = createClient(target, {})
    client.on('error', () => {})
    await expect(client.connect()).rejects.toThrow()
    const db = createDb(createPool(target, 1, () => {}))
    await expect(db.selectFrom('nodes').select('id').execute()).rejects.toThrow()
    await db.destroy()
    server.close()
    // At most the message that ends the connection: a type, a length, nothing in it.
    expect(Buffer.concat(heard).toString('latin1')).not.toMatch(/very-secret|md5/)
    for (const chunk of heard) expect(chunk.length).toBeLessThanOrEqual(5)
  },
)
