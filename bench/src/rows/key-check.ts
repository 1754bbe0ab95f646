/** The check of a secret that the node remembers, without HTTP: what every request with a key pays. */
import { startPeer } from '../peer.ts'
import type { Figures, Row } from '../row.ts'
import type { RunningServer } from '../server.ts'

export const keyCheckRows: Row[] = [
  {
    name: 'key-check/hmac',
    what: 'key check in the process, one key',
    against: 'one HMAC-SHA-256 of the secret',
    unit: ' µs',
    measure: (server) => measure(server, '1', 'hmac'),
  },
  {
    name: 'key-check/hmac-10000',
    what: 'key check in the process, 10,000 keys in turn',
    against: 'one HMAC-SHA-256 of the secret',
    unit: ' µs',
    measure: (server) => measure(server, '10000', 'hmac'),
  },
  {
    name: 'key-check/better-auth',
    what: 'key check in the process, one key',
    against: 'Better Auth’s verifyApiKey on the same PostgreSQL, one at a time',
    unit: ' µs',
    measure: async (server) =>
      measure(server, '1', 'better-auth', await server.createDatabase('better_auth_bench')),
  },
]

async function measure(server: RunningServer, ...args: string[]): Promise<Figures> {
  const database = new URL(await server.createDatabase('key_check_bench'))
  // Thousands of keys are made first: how durably is no part of what is measured.
  database.searchParams.set('options', '-c synchronous_commit=off')
  const { said, stop } = await startPeer<Figures>('./key-check.ts', [database.href, ...args], ['--expose-gc'])
  await stop()
  return said
}
