/** Retries are safe whatever dies between: two real servers on one database, of which one is killed with requests under way. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShared, type Shared } from './support/nodes.ts'
import { createKey, startServer, type TestServer } from './support/server.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as any client of the API would
const bodyOf = ({ text }: { text: string }): any => JSON.parse(text).data

const CREATES = 500
const CONNECTIONS = 16

let shared: Shared
let servers: TestServer[]
let key: string
let pool: pg.Pool

beforeAll(async () => {
  shared = await createShared()
  servers = await Promise.all([startServer(shared.env), startServer(shared.env)])
  key = await createKey(shared.env, 'enterprise')
  pool = new pg.Pool({ connectionString: shared.database.url, max: 1 })
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await pool.end()
  await shared.remove()
})

interface Answered {
  status: number
  text: string
  isReplayed: boolean
}

async function post(
  server: TestServer | undefined,
  idempotencyKey: string,
  path: string,
  body: object,
): Promise<Answered> {
  const response = await fetch(`${server?.url}/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
    body: JSON.stringify(body),
  })
  const isReplayed = response.headers.get('idempotent-replayed') === 'true'
  return { status: response.status, text: await response.text(), isReplayed }
}

/** What a careful client does: the same request with the same key, until it is answered for good. */
async function postUntilAnswered(pick: () => TestServer | undefined, path: string, body: object) {
  const idempotencyKey = randomUUID()
  for (let tries = 1; ; tries++) {
    const answer = await post(pick(), idempotencyKey, path, body).catch(() => undefined)
    if (answer?.status === 201) return { ...answer, idempotencyKey, tries }
    if (answer !== undefined && ![409, 500, 503].includes(answer.status)) throw new Error(answer.text)
    if (answer?.status === 409 && !answer.text.includes('idempotency_in_progress'))
      throw new Error(answer.text)
    // Until the server is back: nothing tells a client when that is.
    await delay(100)
  }
}

test(`${CREATES} keyed creates with a server killed midway, all tried until they are answered, make exactly ${CREATES} rows`, async () => {
  let next = 0
  let answered = 0
  let restarted: Promise<void> | undefined
  let killedAt = ''
  const killOne = async (): Promise<void> => {
    const [victim] = servers
    killedAt = new Date().toISOString()
    victim?.child.kill('SIGKILL')
    await victim?.ended
    servers[0] = await startServer(shared.env)
  }
  const results: Awaited<ReturnType<typeof postUntilAnswered>>[] = []
  const connection = async (): Promise<void> => {
    while (next < CREATES) {
      const number = next++
      // A few create a conversation, whose answer waits for Clara: it is given long after its effect.
      const isSlow = number % 10 === 0
      const [path, body] = isSlow
        ? [
            '/conversations',
            {
              channel: 'web',
              subject: `slow ${number}`,
              message: '[[slow 300ms]] [[say Yes]]',
              sender: 'customer',
              reply: 'wait',
            },
          ]
        : ['/contacts', { name: `contact ${number}` }]
      // Tries alternate between the servers: a retry may land on another one.
      let turn = number
      results.push(await postUntilAnswered(() => servers[turn++ % 2], path as string, body as object))
      answered += 1
      if (answered === CREATES / 2) restarted = killOne()
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
  await restarted
  const count = async (table: string) =>
    Number((await pool.query(`SELECT count(*) FROM ${table}`)).rows[0].count)
  const slow = CREATES / 10
  expect(await count('conversations')).toBe(slow)
  expect(await count("contacts WHERE name LIKE 'contact %'")).toBe(CREATES - slow)
  expect(await count("events WHERE type = 'contact.created' AND data->>'name' LIKE 'contact %'")).toBe(
    CREATES - slow,
  )
  expect(await count("messages WHERE sender = 'customer'")).toBe(slow)
  expect(new Set(results.map((result) => bodyOf(result).id)).size).toBe(CREATES)
  const retried = results.filter((result) => result.tries > 1)
  // What the killed server had done without saying so was found and answered, and not done again.
  const resumed = retried.filter((result) => bodyOf(result).created_at < killedAt)
  expect(resumed.length).toBeGreaterThan(0)
  process.stderr.write(
    `${CREATES} keyed creates, one of two servers killed midway: ${await count('contacts')} contacts and ${await count('conversations')} conversations; ${retried.length} were tried again, ${resumed.length} of them had been done before the kill\n`,
  )

  // Afterwards every one of them is answered as before, byte for byte, by either server.
  for (const [index, { idempotencyKey, text }] of results.entries()) {
    const body = bodyOf({ text })
    if (body.name === undefined) continue
    const again = await post(servers[index % 2], idempotencyKey, '/contacts', { name: body.name })
    expect(again).toEqual({ status: 201, text, isReplayed: true })
  }
}, 120_000)

test('the same request on two servers at once has one effect: 100 rounds', async () => {
  let waited = 0
  for (let round = 0; round < 100; round++) {
    const name = `twin ${round}`
    const idempotencyKey = randomUUID()
    const answers = await Promise.all(
      [0, 1, 0, 1].map((server) => post(servers[server], idempotencyKey, '/contacts', { name })),
    )
    const { rows } = await pool.query('SELECT id FROM contacts WHERE name = $1', [name])
    expect(rows).toHaveLength(1)
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
    waited += answers.filter((answer) => answer.isReplayed).length
  }
  expect(waited).toBe(300)
})
