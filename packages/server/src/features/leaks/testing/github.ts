/** GitHub as the tests need it: signs reports, and publishes its keys on a real HTTP server. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { IDENTIFIER_HEADER, SIGNATURE_HEADER } from '../signature.ts'

export type FakeGitHub = Awaited<ReturnType<typeof startGitHub>>

/** Publishes one key, `first`. Close it in afterEach or afterAll. */
export async function startGitHub() {
  const keys = new Map<string, { privateKey: KeyObject; pem: string }>()
  let asked = 0
  let respond: (response: ServerResponse) => void = list
  const server = createServer((_request, response) => {
    asked += 1
    respond(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is no path of a socket.
  const { port } = server.address() as AddressInfo

  function list(response: ServerResponse): void {
    const publicKeys = [...keys].map(([identifier, { pem }]) => ({
      key_identifier: identifier,
      key: pem,
      is_current: true,
    }))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ public_keys: publicKeys }))
  }

  function addKey(identifier: string, namedCurve = 'prime256v1'): void {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
    keys.set(identifier, { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() })
  }
  addKey('first')

  return {
    url: `http://127.0.0.1:${port}/meta/public_keys/secret_scanning`,
    addKey,
    removeKey: (identifier: string) => keys.delete(identifier),
    /** How often it was asked for its keys. */
    asked: () => asked,
    /** Answers in another way than with its keys; without an argument, with its keys again. */
    answer(other: (response: ServerResponse) => void = list): void {
      respond = other
    },
    sign(body: string | Buffer, identifier = 'first'): Record<string, string> {
      const key = keys.get(identifier)?.privateKey
      if (key === undefined) throw new Error(`no key ${identifier}`)
      return {
        [IDENTIFIER_HEADER]: identifier,
        [SIGNATURE_HEADER]: sign('sha256', Buffer.from(body), key).toString('base64'),
      }
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
