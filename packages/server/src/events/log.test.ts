/** The log of events under concurrency: a reader that goes on after what it saw misses nothing and sees it in order. */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../testing/app.ts'

let server: TestApp
let key: string
let environmentId: string

beforeAll(async () => {
  server = await createTestApp()
  key = await server.createKey()
  environmentId = (await server.app.workspaces.getScope('Acme', 'test')).environmentId
})
afterAll(() => server.close())

const insert = `INSERT INTO events (id, environment_id, type, data, created_at) VALUES ($1, $2, 'contact.created', '{}', now()) RETURNING sequence`

interface Seen {
  id: string
  sequence: number
}

async function readAfter(sequence: number): Promise<Seen[]> {
  const query = `order=asc&limit=7&type=contact.created&after_sequence=${sequence}`
  const { body } = await server.request(`GET /v1/events?${query}`, { key })
  return body.data
}

async function readIds(): Promise<string[]> {
  const { body } = await server.request('GET /v1/events?order=asc&limit=100&type=contact.created', { key })
  return body.data.map((event: Seen) => event.id)
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  return client
}

test('an event is held back while one with a lower sequence may still be committed', async () => {
  const [early, late] = await Promise.all([connect(), connect()])
  // The late writer's transaction is the older one: comparing transaction ids would show its event first.
  await late.query('BEGIN')
  await late.query('SELECT pg_current_xact_id()')
  await early.query('BEGIN')
  await early.query(insert, ['evt_lower', environmentId])
  await late.query(insert, ['evt_higher', environmentId])
  await late.query('COMMIT')
  expect(await readIds()).toEqual([])
  await early.query('COMMIT')
  expect(await readIds()).toEqual(['evt_lower', 'evt_higher'])
  await Promise.all([early.end(), late.end()])
})

test('a rolled back event holds nothing up and is never seen', async () => {
  const client = await connect()
  await client.query('BEGIN')
  await client.query(insert, ['evt_never', environmentId])
  await client.query('ROLLBACK')
  await client.query(insert, ['evt_after', environmentId])
  const ids = await readIds()
  expect(ids).toContain('evt_after')
  expect(ids).not.toContain('evt_never')
  await client.end()
})

test('a writer that dies in its transaction holds nothing up', async () => {
  const [dying, other] = await Promise.all([connect(), connect()])
  dying.on('error', () => {})
  const { rows } = await dying.query('SELECT pg_backend_pid() AS pid')
  await dying.query('BEGIN')
  await dying.query(insert, ['evt_dying', environmentId])
  await other.query(insert, ['evt_survivor', environmentId])
  await other.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
  await expect.poll(readIds).toContain('evt_survivor')
  await other.end()
})

test('with many writers a following reader sees each event once, in order, and misses none', async () => {
  const writers = await Promise.all(Array.from({ length: 8 }, connect))
  const written: string[] = []
  let isWriting = true
  const work = writers.map(async (client, writer) => {
    for (let round = 0; round < 60; round++) {
      await client.query('BEGIN')
      if (round % 3 === 0) await client.query('SELECT pg_current_xact_id()')
      const count = 1 + ((writer + round) % 3)
      const ids = Array.from({ length: count }, (_, index) => `evt_${writer}_${round}_${index}`)
      for (const id of ids) await client.query(insert, [id, environmentId])
      if (round % 7 === writer % 7) await client.query('ROLLBACK')
      else {
        await client.query('COMMIT')
        written.push(...ids)
      }
    }
  })
  const reading = (async () => {
    const seen: Seen[] = []
    for (;;) {
      const isLast = !isWriting
      const events = await readAfter(seen.at(-1)?.sequence ?? 0)
      seen.push(...events)
      if (isLast && events.length === 0) return seen
    }
  })()
  await Promise.all(work)
  isWriting = false
  const seen = (await reading).filter(({ id }) => /^evt_\d+_/.test(id))
  expect(seen.map(({ id }) => id).toSorted()).toEqual(written.toSorted())
  const sequences = seen.map(({ sequence }) => sequence)
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
  await Promise.all(writers.map((client) => client.end()))
})
