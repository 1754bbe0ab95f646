/** `GET /v1/me` with a key: what a request costs that does nothing but prove who it is. */
import { inTurn } from '../in-turn.ts'
import { createKeys } from '../keys.ts'
import { CONNECTIONS, measureGet, ROUNDS, SECONDS } from '../load.ts'
import { startPeer } from '../peer.ts'
import type { Figures, Row } from '../row.ts'
import type { RunningServer } from '../server.ts'

export const meRows: Row[] = [
  {
    name: 'me/fastify',
    what: 'GET /v1/me: key, rate limit, request log and all headers',
    against: 'a bare Fastify route',
    unit: '/s',
    goal: { atLeast: 0.75 },
    measure: async (server) => {
      const peer = await startPeer<{ url: string }>('./peer-fastify.ts')
      try {
        const keys = await createKeys(server.url, server.key, KEYS)
        return await measure(server, keys, { url: peer.said.url, keys })
      } finally {
        await peer.stop()
      }
    },
  },
  {
    name: 'me/better-auth',
    // With one key, requests would wait for each other: Better Auth writes to the row of the key at each of them.
    what: 'GET /v1/me: the same',
    against: 'Better Auth’s api-key plugin behind Fastify on the same PostgreSQL',
    unit: '/s',
    goal: { atLeast: 40 },
    measure: async (server) => {
      const keys = await createKeys(server.url, server.key, KEYS)
      await assertRefuses(`${server.url}/v1/me`, server.key)
      const database = await server.createDatabase('better_auth_bench')
      const peer = await startPeer<Keyed>('./peer-better-auth.ts', [database, String(KEYS)])
      try {
        await assertRefuses(`${peer.said.url}/me`, String(peer.said.keys[0]))
        return await measure(server, keys, peer.said)
      } finally {
        await peer.stop()
      }
    },
  },
]

/** Twice as many as odd rounds and even ones would need: ours and the yardstick's rounds count together. */
const KEYS = 4 * CONNECTIONS

interface Keyed {
  url: string
  keys: string[]
}

async function measure(server: RunningServer, keys: string[], peer: Keyed): Promise<Figures> {
  const load = { connections: CONNECTIONS, seconds: SECONDS }
  let round = 0
  // No key may make more than 10,000 requests a minute: each round takes other keys than the one before.
  const some = (all: string[]): string[] => {
    const first = (round++ * CONNECTIONS) % all.length
    return all.slice(first, first + CONNECTIONS)
  }
  const ours = () => measureGet({ ...load, url: `${server.url}/v1/me`, keys: some(keys) })
  const theirs = () => measureGet({ ...load, url: `${peer.url}/me`, keys: some(peer.keys) })
  await assertAnswers(`${server.url}/v1/me`, keys)
  await assertAnswers(`${peer.url}/me`, peer.keys)
  await inTurn(1, ours, theirs) // warms both up
  return inTurn(ROUNDS, ours, theirs)
}

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` }
}

async function assertAnswers(url: string, keys: string[]): Promise<void> {
  for (const key of keys) {
    const response = await fetch(url, { headers: bearer(key) })
    const { data } = (await response.json()) as { data?: { id?: unknown } }
    if (response.status !== 200 || typeof data?.id !== 'string') throw new Error(`${url} refuses its key`)
  }
}

/** A figure means something only where keys are really checked. */
async function assertRefuses(url: string, key: string): Promise<void> {
  const wrongKey = `${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`
  const { status } = await fetch(url, { headers: bearer(wrongKey) })
  if (status !== 401) throw new Error(`${url} answers a wrong key with ${status}`)
}
