/** `npm run bench`: each figure beside its yardstick from the same run, as a ratio. */
import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { measureInserts } from './inserts.ts'
import { hasWrk, inTurn, measureGet, measurePost } from './load.ts'
import { startPeer, startServer } from './server.ts'

const CONNECTIONS = 64
const ROUNDS = 5
const SECONDS = 4

interface Row {
  what: string
  ours: number
  yardstick: number
  against: string
  goal: string
}

const server = await startServer()
const headers = { authorization: `Bearer ${server.key}` }
const rows: Row[] = []
try {
  rows.push(await requests(), await messages())
} finally {
  await server.stop()
}
await report(rows)

async function requests(): Promise<Row> {
  const peer = await startPeer('./peer-fastify.ts')
  const load = { connections: CONNECTIONS, seconds: SECONDS }
  const me = () => measureGet({ ...load, url: `${server.url}/v1/me`, headers })
  const bare = () => measureGet({ ...load, url: `${peer.url}/me`, headers })
  await Promise.all([me(), bare()]) // warms both up
  const result = await inTurn(ROUNDS, me, bare)
  await peer.stop()
  return { what: 'GET /v1/me with a key', ...result, against: 'a bare Fastify route', goal: 'at least 0.70' }
}

async function messages(): Promise<Row> {
  const content =
    'A message of a length that people write: about a hundred characters, give or take a few of them.'
  const paths = await Promise.all(Array.from({ length: CONNECTIONS }, startConversation))
  const load = {
    url: server.url,
    connections: CONNECTIONS,
    seconds: SECONDS,
    headers,
    paths,
    body: JSON.stringify({ content }),
  }
  const connectionString = await databaseUrl()
  const insert = { connectionString, poolSize: 20, inFlight: CONNECTIONS, seconds: SECONDS, content }
  const result = await inTurn(
    ROUNDS,
    () => measurePost(load),
    () => measureInserts(insert),
  )
  return {
    what: 'POST of a message',
    ...result,
    against: 'a bare prepared INSERT of the same row',
    goal: 'none yet',
  }
}

async function startConversation(): Promise<string> {
  const response = await fetch(`${server.url}/v1/conversations`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'web' }),
  })
  const { data } = (await response.json()) as { data: { id: string } }
  return `/v1/conversations/${data.id}/messages`
}

/** The embedded PostgreSQL of the server that is measured: its port and the password that lie in the data folder. */
async function databaseUrl(): Promise<string> {
  const pid = await readFile(join(server.dataDir, 'postgres/postmaster.pid'), 'utf8')
  const password = (await readFile(join(server.dataDir, 'postgres-password'), 'utf8')).trim()
  return `postgres://agentclara:${password}@127.0.0.1:${pid.split('\n')[3]}/agentclara`
}

async function report(results: Row[]): Promise<void> {
  const load = (await hasWrk) ? 'wrk' : 'autocannon'
  console.log(
    `${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${SECONDS} s in turn; ${cpus().length} cores; GETs by ${load}\n`,
  )
  for (const { what, ours, yardstick, against, goal } of results) {
    const ratio = (ours / yardstick).toFixed(2)
    console.log(
      `${what}: ${Math.round(ours)}/s, ${ratio} of ${against} (${Math.round(yardstick)}/s); goal ${goal}`,
    )
  }
}
